"""PostgreSQL: one pool per service, its codecs, and the set-based insert of rows."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Protocol

import asyncpg
import orjson
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel

from baton.errors import Unavailable

SERVER_SETTINGS: Final = {
    "jit": "off",  # batches are short statements; compiling them costs more than it saves
    "lock_timeout": "10s",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
}
LOOKUPS: Final = {
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "max_parallel_workers_per_gather": "0",
}
"""For connections that only look rows up by their keys, a batch at a time.

Their plans are kept, and one that was made while a table was small reads all of it for ever after:
measured, a lead came to cost three times as much within half a minute.
"""
ACQUIRE_TIMEOUT_SECONDS: Final = 3.0
CONNECT_TIMEOUT_SECONDS: Final = 5.0
CLOSE_TIMEOUT_SECONDS: Final = 2.0
OUTAGES: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
)
"""What says that the database is away, not that the statement is wrong."""

DIALECT: Final = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped

Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy


class Reader(Protocol):
    """What reads. SQL is asyncpg's (`$1`); uuid comes as text, jsonb as Python objects."""

    async def fetch(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """All rows."""
        ...

    async def fetchrow(self, sql: str, *arguments: object) -> asyncpg.Record | None:
        """The first row, or None."""
        ...

    async def fetchval(self, sql: str, *arguments: object) -> Any:  # noqa: ANN401 a column of any type
        """The first column of the first row, or None."""
        ...


class Database:
    """The pool of one service; it connects when first asked, so a service starts without it."""

    def __init__(
        self,
        dsn: str,
        *,
        connections_max: int,
        application: str,
        planning: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._dsn = dsn
        self._planning = planning
        self._connections_max = connections_max
        self._application = application
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> None:
        """Make the pool; no connection is opened yet."""
        self._pool = await asyncpg.create_pool(
            self._dsn,
            min_size=0,
            max_size=self._connections_max,
            timeout=CONNECT_TIMEOUT_SECONDS,
            init=_prepare,
            reset=_keep,
            server_settings={
                **SERVER_SETTINGS,
                **self._planning,
                "application_name": self._application,
            },
        )

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection; raises `Unavailable` when the database is away or the pool empty."""
        if self._pool is None:
            raise Unavailable("the service is starting or stopping")
        try:
            # The pool's own time-out makes a task of each loan, which costs more than the loan.
            async with asyncio.timeout(ACQUIRE_TIMEOUT_SECONDS):
                connection = await self._pool.acquire()
        except OUTAGES as outage:
            raise Unavailable("the database is not reachable") from outage
        try:
            yield connection
        except OUTAGES as outage:
            raise Unavailable("the connection to the database was lost") from outage
        finally:
            await self._pool.release(connection)

    async def dedicated(self) -> asyncpg.Connection:
        """A connection outside the pool, for session locks; the caller closes it."""
        try:
            connection: asyncpg.Connection = await asyncpg.connect(
                self._dsn, timeout=CONNECT_TIMEOUT_SECONDS, server_settings=SERVER_SETTINGS
            )
        except OUTAGES as outage:
            raise Unavailable("the database is not reachable") from outage
        await _prepare(connection)
        return connection

    async def close(self) -> None:
        """Close every connection, by force when one is still in use after a moment."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_SECONDS):
                await pool.close()
        except TimeoutError:
            pool.terminate()


async def _prepare(connection: Connection) -> None:
    await connection.set_type_codec(
        "uuid", schema="pg_catalog", encoder=str, decoder=str, format="text"
    )
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=json_text, decoder=orjson.loads, format="text"
    )


def json_text(value: object) -> str:
    """A value as JSON text; decimals become strings, bytes what PostgreSQL reads as bytes."""
    return orjson.dumps(value, default=_readable).decode()


def _readable(value: object) -> str:
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


async def _keep(_connection: Connection) -> None:
    """Nothing is reset between loans: no loan leaves session state, and a reset is a round trip."""


@cache
def insert_sql(table: Table, columns: tuple[str, ...], suffix: str = "") -> str:
    """One statement that inserts any number of rows, which come as `rows_text` makes them.

    As one JSON text rows cost a quarter of what they cost as one array per column: asyncpg turns
    each value of an array into bytes by itself.
    """
    names = ", ".join(columns)
    typed = ", ".join(f"{one} {table.c[one].type.compile(dialect=DIALECT)}" for one in columns)
    return (
        f"insert into {table.name} ({names}) select {names} from json_to_recordset($1::json)"  # noqa: S608 names come from our own tables
        f" as n ({typed}) {suffix}"
    )


def rows_text(columns: tuple[str, ...], rows: Sequence[Sequence[object]]) -> str:
    """The rows as the argument of `insert_sql`."""
    return json_text([dict(zip(columns, row, strict=True)) for row in rows])


def table_of(rows: type[SQLModel] | Table) -> Table:
    """The table behind a row class."""
    if isinstance(rows, Table):
        return rows
    table = rows.__table__  # type: ignore[attr-defined]  # SQLModel adds it to table classes
    assert isinstance(table, Table)
    return table


def columns_of(rows: Sequence[Sequence[object]], width: int) -> list[list[object]]:
    """Turn rows into one list per column, as `unnest` wants them."""
    if not rows:
        return [[] for _ in range(width)]
    return [list(column) for column in zip(*rows, strict=True)]
