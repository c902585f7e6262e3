"""Where doors and the frame get their transactions from, and the only place that commits."""
# ruff: noqa: SLF001 a transaction and what opens and closes it are one mechanism; handlers see half

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from baton.clock import Clock
from baton.database import Connection, Database, Reader
from baton.messaging import outbox
from baton.messaging.outbox import Pending
from baton.transaction import Transaction

SHARDS_SQL: Final = "select count(*) from relay_shards"


@dataclass(slots=True)
class Transactions:
    """Where doors and the frame get their transactions from."""

    database: Database
    clock: Clock
    source: str
    wake: Callable[[], None]
    mac_key: bytes = b""
    _shards: int = 0

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """Open a transaction; it commits when the block ends, or rolls back when it raises.

        Raises `Unavailable` when the database is away. After a connection that is lost in the
        commit itself nobody knows whether it happened: senders repeat, and ids make that harmless.
        """
        async with self.database.connection() as connection:
            tx = self._on(connection)
            await tx._open()
            async with self._closing(tx):
                yield tx
        self._after(tx)

    @asynccontextmanager
    async def begin_at_first_write(self) -> AsyncIterator[Transaction]:
        """Open a transaction only when something is locked, executed or inserted.

        Until then `fetch…` must read and not write; what it reads is what a transaction that is
        open would read, since each statement sees what is committed when it begins. A handler
        whose only write is `execute_and_say` then needs no round trip to begin and none to commit:
        one statement is its own transaction.
        """
        async with self.database.connection() as connection:
            tx = self._on(connection)
            async with self._closing(tx):
                yield tx
        self._after(tx)

    def _on(self, connection: Connection) -> Transaction:
        source = f"/baton/{self.source}"
        return Transaction(
            self.clock.now(), source, connection, Pending(), self.shards, self.mac_key
        )

    @asynccontextmanager
    async def _closing(self, tx: Transaction) -> AsyncIterator[None]:
        try:
            yield
            if tx._pending.is_unwritten():
                await tx._open()
                shards = await self.shards(tx._connection)
                await outbox.write(tx._connection, tx._pending, shards)
        except BaseException:
            if tx._opened is not None and not tx._connection.is_closed():
                await tx._opened.rollback()
            raise
        if tx._opened is not None:
            await tx._opened.commit()

    def _after(self, tx: Transaction) -> None:
        if tx._pending.wakes():
            self.wake()
        for callback in tx._pending.after_commit:
            callback(self.clock.now())

    async def shards(self, connection: Connection) -> int:
        """Over how many shards the outbox is spread; the database knows."""
        if not self._shards:
            self._shards = await connection.fetchval(SHARDS_SQL)
        return self._shards

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Reader]:
        """Open a read-only snapshot: everything read in it was true at one moment."""
        async with (
            self.database.connection() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield connection
