"""`baton policy`: the line drawn from a terminal: look, add, compare, publish, roll back."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from launcher.errors import CannotStart
from launcher.policy_client import Told, answered, client_of

LOOK_EVERY_SECONDS: Final = 0.3
SIDES: Final = {
    "newly": "newly beyond the line",
    "no_longer": "no longer beyond it",
    "still": "beyond it either way",
    "never": "beyond it in no way",
}
KINDS: Final = {".json": "application/json", ".toml": "application/toml"}

console = Console(stderr=True, highlight=False)
policy = typer.Typer(
    no_args_is_help=True,
    help="The line between marketing and sales: look at it, draft it, compare it, publish it.",
)
Url = Annotated[str, typer.Option(help="lead-scoring; by default this machine's")]
AsJson = Annotated[bool, typer.Option("--json", help="what was answered as JSON")]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="until all is done")]
DAY: Final = ["%Y-%m-%d"]
Since = Annotated[
    datetime | None, typer.Option("--from", formats=DAY, help="the first day, in UTC")
]
Until = Annotated[datetime | None, typer.Option("--to", formats=DAY, help="the day after the last")]


@policy.command("list")
def list_policies(url: Url = "", *, as_json: AsJson = False) -> None:
    """All versions, newest first."""
    with _asking(url) as client:
        found = answered(client.get("/v1/policies", params={"limit": 200}))["items"]
    table = Table("version", "status", "name", "published", "by")
    for one in found:
        by = one["published_by"] or one["created_by"]
        table.add_row(
            str(one["version"]), one["status"], one["document"]["name"],
            one["published_at"] or "never", by,
        )  # fmt: skip
    console.print(table)
    _say(found, as_json=as_json)


@policy.command()
def show(version: int, url: Url = "") -> None:
    """A version's document, as JSON."""
    with _asking(url) as client:
        found = answered(client.get(f"/v1/policies/{version}"))
    _say(found["document"], as_json=True)


@policy.command()
def add(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    url: Url = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Keep a document, TOML or JSON, as a new version; nothing is decided by it yet."""
    kind = KINDS.get(file.suffix.lower())
    if kind is None:
        raise CannotStart("The file must end in .toml or .json.")
    with _asking(url) as client:
        headers = {"content-type": kind}
        kept = answered(client.post("/v1/policies", content=file.read_bytes(), headers=headers))
    console.print(f"It is version {kept['version']}: compare it by `baton policy diff`.")
    _say(kept, as_json=as_json)


@policy.command()
def diff(
    version: int,
    since: Since = None,
    until: Until = None,
    url: Url = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Who would have crossed the line by a version and who not any more, by what was known then."""
    body = {"since": _moment(since), "until": _moment(until)}
    with _asking(url) as client:
        ordered = answered(client.post(f"/v1/policies/{version}/diff", json=body))
        path = f"/v1/diffs/{ordered['diff_id']}"
        found = _followed(client, path, "comparing", lambda one: bool(one["ended_at"]))
    console.print(_table_of(found))
    _say(found, as_json=as_json)


@policy.command()
def publish(version: int, url: Url = "", *, wait: Wait = True, as_json: AsJson = False) -> None:
    """Decide by a version from now on; open people are scored by it."""
    with _asking(url) as client:
        answered(client.post(f"/v1/policies/{version}/publish"))
        found = _rescored(client, version, wait=wait)
    _say(found, as_json=as_json)


@policy.command()
def rollback(version: int, url: Url = "", *, wait: Wait = True, as_json: AsJson = False) -> None:
    """Let a version hold again that held before, in place of the one that holds now."""
    with _asking(url) as client:
        active = answered(client.get("/v1/policies/active"))["version"]
        path, body = f"/v1/policies/{version}/rollback", {"replaces": active}
        answered(client.post(path, json=body))
        found = _rescored(client, version, wait=wait)
    _say(found, as_json=as_json)


def _rescored(client: httpx.Client, version: int, *, wait: bool) -> Told:
    path = f"/v1/policies/{version}/rescoring"
    console.print(f"Version {version} holds.")
    if not wait:
        return answered(client.get(path))
    found = _followed(client, path, "scoring", lambda one: one["rescoring"] != "running")
    console.print(f"{found['people']} open people were looked at, for {found['said']} it was news.")
    return found


def _followed(client: httpx.Client, path: str, what: str, is_over: Callable[[Told], bool]) -> Told:
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bars:
        task = bars.add_task(what, total=None)
        while True:
            shown = answered(client.get(path))
            bars.update(task, total=shown["people_total"] or None, completed=shown["people"])
            if is_over(shown):
                return shown
            time.sleep(LOOK_EVERY_SECONDS)


def _table_of(found: Told) -> Table:
    title = f"Version {found['version']} against {found['against']} ({found['status']})"
    table = Table("source", *SIDES.values(), title=title, title_justify="left")
    for one in found["sources"]:
        table.add_row(one["name"] or one["source_id"], *(_cell(one[side]) for side in SIDES))
    table.add_section()
    table.add_row("all", *(_cell(found["total"][side]) for side in SIDES))
    return table


def _cell(side: Told) -> str:
    worth = ", ".join(f"{amount} {currency}" for currency, amount in side["amounts"].items())
    deals = f"{side['won']} won" + (f", {worth}" if worth else "")
    return f"{side['people']} ({deals})" if side["won"] else str(side["people"])


def _moment(day: datetime | None) -> str | None:
    return None if day is None else day.replace(tzinfo=UTC).isoformat()


def _say(found: Any, *, as_json: bool) -> None:  # noqa: ANN401 whatever JSON came back
    if as_json:
        sys.stdout.write(json.dumps(found, indent=1) + "\n")


@contextmanager
def _asking(url: str) -> Iterator[httpx.Client]:
    try:
        with client_of(url) as client:
            yield client
    except httpx.TransportError:
        raise CannotStart(
            "Nothing answers there: start it with `baton up`, or name --url."
        ) from None
