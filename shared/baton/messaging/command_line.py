"""The park from a terminal: list, show, replay, discard; one JSON object a line."""

import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import typer

from baton.messaging import parking
from baton.messaging.unparking import Unparking
from baton.transactions import Transactions

Work = Callable[[Transactions], Awaitable[Any]]


class InDatabase(Protocol):
    """Runs something on the service's database."""

    def __call__(self, work: Work) -> Any:  # noqa: ANN401 whatever the work returns
        """Run it and return what it returns."""
        ...


def park_commands(
    in_database: InDatabase, unparking: Callable[[Transactions], Unparking]
) -> typer.Typer:
    """The commands `list`, `show`, `replay` and `discard`."""
    app = typer.Typer(help="Messages set aside.")

    @app.command("list")
    def list_parked(after: int = 0, status: str | None = None, limit: int = 50) -> None:
        """What is set aside, oldest first."""

        async def work(transactions: Transactions) -> list[dict[str, object]]:
            async with transactions.read() as reader:
                return await parking.listed(reader, after=after, status=status, limit=limit)

        for row in in_database(work):
            say(row)

    @app.command("show")
    def show_parked(parked_id: int) -> None:
        """One message with its traceback; of its value only the size."""

        async def work(transactions: Transactions) -> dict[str, object]:
            async with transactions.read() as reader:
                return await parking.shown(reader, parked_id)

        say(in_database(work))

    @app.command("replay")
    def replay_parked(parked_id: int) -> None:
        """Handle a message now."""
        in_database(lambda transactions: unparking(transactions).replay(parked_id))
        say({"replayed": parked_id})

    @app.command("discard")
    def discard_parked(parked_id: int, why: str, who: str = "command line") -> None:
        """Give a message up, for a recorded reason."""
        in_database(lambda tx: unparking(tx).discard(parked_id, who=who, why=why))
        say({"discarded": parked_id})

    return app


def say(value: object) -> None:
    """Print one JSON object."""
    sys.stdout.write(json.dumps(value, default=str) + "\n")
