"""A service's own commands: serve, migrate, make topics and keys, and look after the park."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Annotated, TypeVar

import typer

from baton import migrations
from baton.auth.api_keys import create_key
from baton.auth.staff import create_staff, make_sign_in_link
from baton.contracts.topics import TOPICS
from baton.database import Database
from baton.errors import Refused, Unavailable
from baton.logs import configure_logs
from baton.messaging.command_line import park_commands, say
from baton.messaging.erasures import erasures_of
from baton.messaging.kafka import access_of, create_topics
from baton.messaging.retries import Limits
from baton.messaging.unparking import Unparking
from baton.parts import Parts
from baton.service import Service
from baton.transactions import Transactions

T = TypeVar("T")
COMMAND_CONNECTIONS_MAX = 2


def main(
    make_parts: Callable[[], Parts], *, further: Mapping[str, "MakeCommands"] = MappingProxyType({})
) -> None:
    """Run the command that was asked for; without one, serve. `further` are a service's own."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)
    commands = Commands(make_parts)
    app.callback(invoke_without_command=True)(commands.serve)
    app.command()(commands.migrate)
    app.command("create-topics")(commands.topics)
    app.command("create-key")(commands.key)
    app.command("create-staff")(commands.staff)
    app.command("sign-in-link")(commands.link)
    app.command("erase-again")(commands.erase_again)
    app.add_typer(park_commands(commands.in_database, commands.unparking), name="parked")
    for name, make in further.items():
        app.add_typer(make(commands), name=name)
    try:
        app()
    except (Refused, Unavailable) as error:
        sys.exit(error.message)


class Commands:
    """The commands of one service."""

    def __init__(self, make_parts: Callable[[], Parts]) -> None:
        self._make_parts = make_parts

    def parts(self) -> Parts:
        """What the service is made of, as the environment has it."""
        return self._make_parts()

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
        access = access_of(parts.settings, parts.name)
        made = asyncio.run(create_topics(access, TOPICS, partitions=partitions, replicas=replicas))
        say({"created": made})

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

        say({"key": self.in_database(work)})

    def staff(self, email: str, role: str, name: str) -> None:
        """Let somebody sign in; the password is read from standard input."""

        async def work(transactions: Transactions) -> str:
            async with transactions.begin() as tx:
                password = sys.stdin.readline().rstrip("\n") or None
                return await create_staff(tx, email=email, role=role, name=name, password=password)

        say({"staff_id": self.in_database(work)})

    def link(self, email: str) -> None:
        """Make a link with which somebody signs in once."""

        async def work(transactions: Transactions) -> str:
            async with transactions.begin() as tx:
                return await make_sign_in_link(tx, email=email)

        say({"token": self.in_database(work)})

    def erase_again(self) -> None:
        """Apply every erasure that the log has, after the database came from a backup."""

        async def work(transactions: Transactions) -> int:
            parts = self._make_parts()
            erasures = erasures_of(parts, transactions, access_of(parts.settings, parts.name))
            return 0 if erasures is None else await erasures.look_back(from_beginning=True)

        say({"erasures": self.in_database(work)})

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
                    Transactions(database, parts.clock, parts.name, lambda: None, parts.mac_key)
                )
            finally:
                await database.close()

        return asyncio.run(run())


MakeCommands = Callable[[Commands], typer.Typer]
"""Makes a service's own commands of those that all services have."""
