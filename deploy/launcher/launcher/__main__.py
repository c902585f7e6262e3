"""The command `baton`."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import httpx
import typer
from rich.console import Console

from launcher.accounts import show_links
from launcher.clients import Services, WrongAnswer, connected
from launcher.demo import tell
from launcher.errors import CannotStart
from launcher.evaluating import evaluate
from launcher.explain import show_scores
from launcher.history import read_history, read_profile
from launcher.import_file import import_file
from launcher.installation import Installation
from launcher.policy import policy
from launcher.replay import bring_in
from launcher.settings import read_launch_settings
from launcher.state import is_running, state_of
from launcher.topology import SERVICES
from launcher.trace import show_journey

WATCH_EVERY_SECONDS: Final = 0.25
DOWN_SECONDS_MAX: Final = 40.0

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)
app.command("import")(import_file)
app.command()(evaluate)
app.add_typer(policy, name="policy")
T = TypeVar("T")
console = Console(stderr=True, highlight=False)


def main() -> None:
    """Run the command; what can't be done is told in one sentence, with an exit code of 1."""
    try:
        app()
    except CannotStart as error:
        console.print(str(error), style="bold red", soft_wrap=True)
        sys.exit(1)


@app.command()
def up() -> None:
    """Start Kafka, PostgreSQL and the services; stays in the foreground until Ctrl-C."""
    run_up(stay)


@app.command()
def down() -> None:
    """Stop what `baton up` or `baton demo` has started in this data folder."""
    state = state_of(read_launch_settings())
    if state is None:
        console.print("Nothing is running here.")
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(state["launcher"], signal.SIGTERM)
    deadline = time.monotonic() + DOWN_SECONDS_MAX
    while is_running(state["launcher"]) and time.monotonic() < deadline:
        time.sleep(WATCH_EVERY_SECONDS)
    console.print("Everything has stopped.")


@app.command()
def status() -> None:
    """What is running, and what each service says of itself."""
    state = state_of(read_launch_settings())
    if state is None:
        raise CannotStart("Nothing is running here: start it with `baton up`.")
    for name, url in state["urls"].items():
        try:
            answer = httpx.get(f"{url}/readyz", timeout=3).json()
            checks = ", ".join(f"{check}: {says}" for check, says in answer["checks"].items())
            console.print(f"{name:18} {answer['status']:10} {url}  {checks}")
        except httpx.HTTPError:
            console.print(f"{name:18} {'away':10} {url}")
    for name, pid in state["processes"].items():
        console.print(f"{name:18} {'running' if is_running(pid) else 'gone':10} process {pid}")


@app.command()
def logs(
    service: Annotated[str | None, typer.Argument(help="one service; all by default")] = None,
    lines: int = 50,
) -> None:
    """The end of the services' logs."""
    folder = read_launch_settings().folder / "logs"
    names = [service] if service else [spec.name for spec in SERVICES]
    for name in names:
        path = folder / f"{name}.log"
        if not path.exists():
            known = ", ".join(spec.name for spec in SERVICES)
            raise CannotStart(f"There is no log of {name}; there may be one of {known}.")
        sys.stdout.write("".join(path.open().readlines()[-lines:]))


@app.command()
def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="stop when the story is told")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="the numbers as one JSON line")] = False,
    leads: Annotated[int, typer.Option(min=30, max=20_000)] = 300,
) -> None:
    """Everything up, a stream of leads through it, the loop closed; then it stays for a look."""

    async def story(installation: Installation, stop: asyncio.Event) -> int:
        told = await tell(installation, console, count=leads)
        for fault in told.faults:
            console.print(f"This did not hold: {fault}.", style="bold red")
        if not once:
            console.print(f"Every check {'held' if not told.faults else 'did NOT hold'}.")
            show_links(installation, console)
            await stay(installation, stop)
        if as_json:
            sys.stdout.write(json.dumps(told.numbers) + "\n")
        return 1 if told.faults else 0

    run_up(story)


@app.command()
def replay(
    folder: Path,
    profile: Annotated[str, typer.Option(help="a profile of deploy/profiles, or a TOML file")],
    *,
    once: Annotated[bool, typer.Option("--once", help="stop when all is in")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="the numbers as one JSON line")] = False,
) -> None:
    """Bring somebody's history in, through the public APIs, in the order of time."""
    chosen = read_profile(profile)
    history = read_history(folder, chosen)

    async def story(installation: Installation, stop: asyncio.Event) -> int:
        numbers, faults = await bring_in(installation, history, chosen, console)
        for fault in faults:
            console.print(f"This did not hold: {fault}.", style="bold red")
        if not once:
            await stay(installation, stop)
        if as_json:
            sys.stdout.write(json.dumps(numbers) + "\n")
        return 1 if faults else 0

    run_up(story)


@app.command()
def trace(lead_id: str) -> None:
    """The whole way of a lead, with the time that each leg took."""
    ask(lambda services: show_journey(services, lead_id, console))


@app.command()
def explain(person_id: str) -> None:
    """Why a person has the score that they have: each factor, computed again."""
    if not ask(lambda services: show_scores(services, person_id, console)):
        sys.exit(1)


def ask(question: Callable[[Services], Coroutine[Any, Any, T]]) -> T:
    """Ask the services that run in this data folder."""
    settings = read_launch_settings()
    if state_of(settings) is None:
        raise CannotStart("Nothing is running here: start it with `baton up`.")
    installation = Installation(settings, lambda _: None)
    installation.read_keys()

    async def story() -> T:
        async with connected(installation) as services:
            return await question(services)

    try:
        return asyncio.run(story())
    except WrongAnswer as error:
        raise CannotStart(str(error)) from None


Story = Callable[[Installation, asyncio.Event], Coroutine[Any, Any, int]]


def run_up(story: Story) -> None:
    """Start everything, do what the story says, stop everything; exits with the story's code."""
    code = asyncio.run(_run_up(story))
    if code:
        sys.exit(code)


async def _run_up(story: Story) -> int:
    settings = read_launch_settings()
    if state_of(settings) is not None:
        raise CannotStart(
            f"Something is running on {settings.folder} already: `baton down` stops it."
        )
    installation = Installation(settings, lambda text: console.print(f"… {text}", style="dim"))
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    starting: Awaitable[None] = asyncio.create_task(installation.start())
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)  # type: ignore[type-var]  # both are tasks
        if stop.is_set():
            return 0
        await starting
        watching = asyncio.create_task(_watch(installation, stop))
        code = await story(installation, stop)
        stop.set()
        await watching
        return code
    finally:
        await asyncio.to_thread(installation.stop)


async def _watch(installation: Installation, stop: asyncio.Event) -> None:
    while not stop.is_set():
        for name in installation.restart_dead():
            installation.say(f"{name} had died and was started again")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), WATCH_EVERY_SECONDS)


async def stay(installation: Installation, stop: asyncio.Event) -> int:
    """Show where everything is, and wait for Ctrl-C."""
    console.print("\nBaton is up.", style="bold green")
    for spec in SERVICES:
        console.print(f"  {spec.name:18} {installation.url(spec.name)}")
        key = installation.keys[spec.name]
        console.print(f"  {'':18} key {key}", style="dim", soft_wrap=True)
    console.print(f"  {'Kafka':18} {installation.infrastructure.kafka_bootstrap}")
    console.print("  Ctrl-C stops everything.\n")
    await stop.wait()
    return 0


if __name__ == "__main__":
    main()
