"""The transaction: everything that a handler may touch."""

import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import asyncpg
from sqlalchemy import Table
from sqlmodel import SQLModel

from baton.contracts.envelope import Event, Tombstone
from baton.contracts.fact import Fact
from baton.contracts.topics import EVENT_TYPE_OF, TOPIC_OF
from baton.database import (
    Connection,
    insert_sql,
    json_text,
    rows_text,
    table_of,
)
from baton.ids import derived_id, new_id
from baton.macs import mac
from baton.messaging import outbox
from baton.messaging.outbox import Pending

LOCK_SQL: Final = "select count(pg_advisory_xact_lock(k)) from unnest($1::bigint[]) as k"


@dataclass(frozen=True, slots=True)
class Origin:
    """A cause from outside: an HTTP request, a timer, a command."""

    correlation_id: str
    traceparent: str | None = None

    @classmethod
    def fresh(cls) -> "Origin":
        """The start of a new story."""
        correlation_id = new_id()
        hexadecimal = correlation_id.replace("-", "")
        return cls(correlation_id, f"00-{hexadecimal}-{hexadecimal[16:]}-01")


Cause = Event[Fact] | Tombstone | Origin


@dataclass(slots=True)
class Transaction:
    """One unit of work: what is read, written and said in it becomes true together, or not."""

    now: datetime
    source: str
    _connection: Connection
    _pending: Pending
    _shards: Callable[[Connection], Awaitable[int]]
    _mac_key: bytes = b""
    _opened: asyncpg.transaction.Transaction | None = None
    _ordinals: Counter[tuple[str, str]] = field(default_factory=Counter)

    async def fetch(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """All rows."""
        return await self._connection.fetch(sql, *arguments)

    async def fetchrow(self, sql: str, *arguments: object) -> asyncpg.Record | None:
        """The first row, or None."""
        return await self._connection.fetchrow(sql, *arguments)

    async def fetchval(self, sql: str, *arguments: object) -> Any:  # noqa: ANN401 a column of any type
        """The first column of the first row, or None."""
        return await self._connection.fetchval(sql, *arguments)

    async def execute(self, sql: str, *arguments: object) -> str:
        """Run a statement; returns PostgreSQL's command tag."""
        await self._open()
        return await self._connection.execute(sql, *arguments)

    async def insert(
        self,
        table: type[SQLModel] | Table,
        columns: Sequence[str],
        rows: Sequence[Sequence[object]],
        suffix: str = "",
    ) -> None:
        """Insert rows as a set; `suffix` is for `on conflict …`."""
        if rows:
            await self._open()
            target, names = table_of(table), tuple(columns)
            sql = insert_sql(target, names, suffix)
            await self._connection.execute(sql, rows_text(names, rows))

    async def execute_and_say(self, with_sql: str, *arguments: object) -> None:
        """Run a statement of the form `with …` together with writing what is pending.

        For a hot path: one round trip instead of three.
        """
        shards = await self._shards(self._connection)
        sql, pending = outbox.with_pending(with_sql, len(arguments)), self._pending
        await self._connection.execute(sql, *arguments, *outbox.take(pending, shards))

    async def lock_people(self, person_ids: Iterable[str]) -> None:
        """Let nobody else speak about these people until this transaction ends.

        Locks are taken in one order, so that two batches never wait for each other. Call it before
        deciding: what was read earlier may be old.
        """
        keys = sorted({_lock_key(person_id) for person_id in person_ids})
        if keys:
            await self._open()
            await self._connection.execute(LOCK_SQL, keys)

    def publish(
        self,
        data: Fact,
        *,
        key: str,
        subject: str,
        cause: Cause,
        happened_at: datetime | None = None,
    ) -> Event[Fact]:
        """Say a fact; it is durable when the transaction commits and published after that.

        `happened_at` is when it happened in the world, by default now. The id is derived from the
        heard event that caused it, so that handling it again says the same thing again.
        """
        type_ = EVENT_TYPE_OF[type(data)]
        event = Event(
            id=self._id_for(cause, type_),
            type=type_,
            source=self.source,
            key=key,
            subject=subject,
            data=data,
            happened_at=happened_at or self.now,
            recorded_at=self.now,
            correlation_id=cause.correlation_id,
            causation_id=None if isinstance(cause, Origin) else cause.id,
            traceparent=None if isinstance(cause, Tombstone) else cause.traceparent,
        )
        self._pending.outgoing.append(outbox.outgoing(event, TOPIC_OF[type(data)]))
        return event

    def forget(self, fact: type[Fact], key: str, *, cause: Cause) -> None:
        """Say that what a compacted topic holds under this key is no more."""
        type_ = EVENT_TYPE_OF[fact]
        tombstone = Tombstone(
            id=self._id_for(cause, type_),
            type=type_,
            key=key,
            correlation_id=cause.correlation_id,
            recorded_at=self.now,
        )
        self._pending.outgoing.append(
            outbox.farewell(tombstone, TOPIC_OF[fact], source=self.source)
        )

    def mac(self, text: str) -> bytes:
        """A keyed hash of a text, under a key that no database holds. Raises `ValueError`."""
        return mac(self._mac_key, text)

    def tally(self, name: str, count: int = 1) -> None:
        """Count evidence for conservation, in the transaction of what is counted."""
        self._pending.tallies[name] += count

    def schedule_work(
        self, kind: str, payload: dict[str, object], *, due_at: datetime | None = None
    ) -> str:
        """Order an effect outside the database; a worker does it, at least once, after commit."""
        work_id = new_id()
        self._pending.order_work(work_id, kind, payload, due_at or self.now, self.now)
        return work_id

    def append_feed(self, feed: str, item: dict[str, object], *, key: str) -> None:
        """Add an item to a feed; its position is given after commit."""
        self._pending.feed.append((feed, key, json_text(item), self.now))

    def after_commit(self, callback: Callable[[datetime], None]) -> None:
        """Have something measured once the commit is through; it is told when that was."""
        self._pending.after_commit.append(callback)

    def audit(self, *, who: str, what: str, subject: str, old: object, new: object) -> None:
        """Record a change that somebody made by hand."""
        values = (json_text(old), json_text(new))
        self._pending.audit.append((new_id(), self.now, who, what, subject, *values))

    async def begin(self) -> None:
        """Make one transaction of all that follows, where it would open at the first write only."""
        await self._open()

    async def _open(self) -> None:
        if self._opened is None:
            self._opened = self._connection.transaction()
            await self._opened.start()

    def _id_for(self, cause: Cause, type_: str) -> str:
        if isinstance(cause, Origin):
            return new_id()
        ordinal = self._ordinals[cause.id, type_]
        self._ordinals[cause.id, type_] += 1
        return derived_id(cause.id, type_, ordinal)


def _lock_key(person_id: str) -> int:
    digest = hashlib.blake2b(person_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
