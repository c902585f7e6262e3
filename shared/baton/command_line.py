"""A service's own commands: serve, migrate, make topics and keys, and look after the park."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from baton import migrations
from baton.auth.commands import create_key, create_staff, make_sign_in_link
from baton.contracts.topics import TOPICS
from baton.database import Database
from baton.errors import Refused, Unavailable
from baton.logs import configure_logs
from baton.messaging import parking
from baton.messaging.kafka import create_topics
from baton.messaging.retries import Limits
from baton.messaging.unparking import Unparking
from baton.service import Parts, Service, kafka_access
from baton.transaction import Transactions

T = TypeVar("T")
COMMAND_CONNECTIONS_MAX = 2


def main(make_parts: Callable[[], Parts]) -> None:
    """Run the command that was asked for; without one, serve."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)
    commands = Commands(make_parts)
    app.callback(invoke_without_command=True)(commands.serve)
    app.command()(commands.migrate)
    app.command("create-topics")(commands.topics)
    app.command("create-key")(commands.key)
    app.command("create-staff")(commands.staff)
    app.command("sign-in-link")(commands.link)
    app.add_typer(_parked(commands), name="parked", help="Messages set aside.")
    try:
        app()
    except (Refused, Unavailable) as error:
        sys.exit(error.message)


class Commands:
    """The commands of one service."""

    def __init__(self, make_parts: Callable[[], Parts]) -> None:
        self._make_parts = make_parts

    def serve(self, context: typer.Context) -> None:
        """Serve until SIGTERM."""
        if context.invoked_subcommand is None:
            Service(self._make_parts()).run()

    def migrate(self) -> None:
        """Bring the database to this version's tables."""
        parts = self._make_parts()
        configure_logs(parts.name, "warning")
        migrations.upgrade(parts.migrations, parts.settings.database_url.get_secret_value())

    def topics(self, partitions: int = 12, replicas: int = 1) -> None:
        """Create the topics that are not there yet."""
        parts = self._make_parts()
        access = kafka_access(parts)
        made = asyncio.run(create_topics(access, TOPICS, partitions=partitions, replicas=replicas))
        _print({"created": made})

    def key(
        self,
        name: str,
        scopes: Annotated[str, typer.Option(help="with commas between")],
        source_id: str | None = None,
    ) -> None:
        """Make an API key; it is shown this once."""

        async def work(transactions: Transactions) -> str:
            async with transactions.begin() as tx:
                key_text, _ = await create_key(tx, name, scopes.split(","), source_id=source_id)
                return key_text

        _print({"key": self.in_database(work)})

    def staff(self, email: str, role: str, name: str) -> None:
        """Let somebody sign in; the password is read from standard input."""

        async def work(transactions: Transactions) -> str:
            async with transactions.begin() as tx:
                password = sys.stdin.readline().rstrip("\n") or None
                return await create_staff(tx, email=email, role=role, name=name, password=password)

        _print({"staff_id": self.in_database(work)})

    def link(self, email: str) -> None:
        """Make a link with which somebody signs in once."""

        async def work(transactions: Transactions) -> str:
            async with transactions.begin() as tx:
                return await make_sign_in_link(tx, email=email)

        _print({"token": self.in_database(work)})

    def unparking(self, transactions: Transactions) -> Unparking:
        """What tries this service's messages again."""
        parts = self._make_parts()
        return Unparking(transactions, parts.name, parts.subscriptions, Limits())

    def in_database(self, work: Callable[[Transactions], Awaitable[T]]) -> T:
        """Run something on the service's database."""
        parts = self._make_parts()
        configure_logs(parts.name, "warning")

        async def run() -> T:
            database = Database(
                parts.settings.database_url.get_secret_value(),
                connections_max=COMMAND_CONNECTIONS_MAX,
                application=f"{parts.name} command",
            )
            await database.open()
            try:
                return await work(
                    Transactions(database, parts.clock, parts.name, wake=lambda: None)
                )
            finally:
                await database.close()

        return asyncio.run(run())


def _parked(commands: Commands) -> typer.Typer:
    app = typer.Typer()

    @app.command("list")
    def list_parked(after: int = 0, status: str | None = None, limit: int = 50) -> None:
        """What is set aside, oldest first, one JSON object a line."""

        async def work(transactions: Transactions) -> list[dict[str, object]]:
            async with transactions.read() as reader:
                return await parking.listed(reader, after=after, status=status, limit=limit)

        for row in commands.in_database(work):
            _print(row)

    @app.command("show")
    def show_parked(parked_id: int) -> None:
        """One message with its traceback; of its value only the size."""

        async def work(transactions: Transactions) -> dict[str, object]:
            async with transactions.read() as reader:
                return await parking.shown(reader, parked_id)

        _print(commands.in_database(work))

    @app.command("replay")
    def replay_parked(parked_id: int) -> None:
        """Handle a message now."""

        async def work(transactions: Transactions) -> int:
            return await commands.unparking(transactions).replay(parked_id)

        commands.in_database(work)
        _print({"replayed": parked_id})

    @app.command("discard")
    def discard_parked(parked_id: int, why: str, who: str = "command line") -> None:
        """Give a message up, for a recorded reason."""

        async def work(transactions: Transactions) -> None:
            await commands.unparking(transactions).discard(parked_id, who=who, why=why)

        commands.in_database(work)
        _print({"discarded": parked_id})

    return app


def _print(value: object) -> None:
    sys.stdout.write(json.dumps(value, default=str) + "\n")
