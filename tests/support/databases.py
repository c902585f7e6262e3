"""Fresh databases: each test gets its own copy of one that was migrated once."""

import itertools
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest_asyncio

from baton import migrations
from baton.clock import Clock, SystemClock
from baton.database import Database
from baton.transactions import Transactions
from support.infrastructure import Addresses

NUMBERS = itertools.count()
ROOT = Path(__file__).parents[2]
MIGRATIONS = {
    "frame": ROOT / "tests/support/frame_migrations",
    "marketing_intake": ROOT / "services/marketing-intake/migrations",
    "lead_scoring": ROOT / "services/lead-scoring/migrations",
    "sales_routing": ROOT / "services/sales-routing/migrations",
}

MakeDatabase = Callable[[str], Coroutine[None, None, str]]
MakeTransactions = Callable[..., Coroutine[None, None, Transactions]]


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


class Templates:
    """One migrated database for each service, made when it is first asked for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._made: dict[str, str] = {}

    async def copy(self, service: str) -> str:
        """A fresh database, migrated and empty; returns its address."""
        if service not in self._made:
            self._made[service] = await self._make(service)
        return await self._create(f"template {self._made[service]}")

    async def duplicate(self, url: str) -> str:
        """A copy of a database as it is now, as a backup is; nobody may be connected to it."""
        return await self._create(f"template {urlsplit(url).path.lstrip('/')}")

    async def empty(self) -> str:
        """A database with nothing in it."""
        return await self._create("")

    async def drop_all(self) -> None:
        """Leave nothing behind on a server that is not ours."""
        connection = await asyncpg.connect(self.url)
        for row in await connection.fetch(
            "select datname from pg_database where datname like $1", f"test_{os.getpid()}_%"
        ):
            await connection.execute(f"drop database {row['datname']} with (force)")
        await connection.close()

    async def _make(self, service: str) -> str:
        import asyncio

        url = await self._create("")
        await asyncio.to_thread(migrations.upgrade, MIGRATIONS[service], url)
        return urlsplit(url).path.lstrip("/")

    async def _create(self, suffix: str) -> str:
        name = f"test_{os.getpid()}_{next(NUMBERS)}"
        connection = await asyncpg.connect(self.url)
        await connection.execute(f"create database {name} {suffix}")
        await connection.close()
        return with_database(self.url, name)


@pytest_asyncio.fixture(scope="session")
async def templates(infrastructure: Addresses) -> AsyncIterator[Templates]:
    """The migrated databases of this run."""
    made = Templates(infrastructure.postgres_url)
    yield made
    if infrastructure.outlive_the_run:
        await made.drop_all()


@pytest_asyncio.fixture
async def make_transactions(templates: Templates) -> AsyncIterator[MakeTransactions]:
    """Transactions on a fresh database: `await make_transactions("lead_scoring")`."""
    opened: list[Database] = []

    async def make(
        service: str, clock: Clock | None = None, *, url: str | None = None
    ) -> Transactions:
        address = url or await templates.copy(service)
        database = Database(address, connections_max=8, application="test")
        await database.open()
        opened.append(database)
        return Transactions(
            database, clock or SystemClock(), service.replace("_", "-"), lambda: None
        )

    yield make
    for database in opened:
        await database.close()
