"""The relay: publishes what the outbox holds, in order per key, and removes what Kafka has."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import asyncpg
import orjson

from baton.database import OUTAGES, Database
from baton.errors import Unavailable
from baton.messaging.kafka import KafkaSender, Letter
from baton.messaging.metrics import MessagingMetrics
from baton.messaging.outbox import OWN_SLOT, TALLY_SQL
from baton.timers import pause

LOCK_SPACE: Final = 0x0BA7_0001
"""The first half of the advisory lock; the second is the shard."""
LOCK_EVERY_SECONDS: Final = 2.0
GATHER_EVENTS: Final = 50
GATHER_EVENTS_MAX: Final = 250
"""With 50 events a round it gathers for twice its time, with 250 or more for six times."""
TIDY_ROWS: Final = 20_000
"""So many dead rows make the look for the next ones noticeably longer."""

SHARDS_SQL: Final = "select shard from relay_shards order by shard"
LOCK_SQL: Final = "select pg_try_advisory_lock($1, $2)"
FETCH_SQL: Final = """
select seq, aggregatetype, aggregateid, type, payload, headers
from outbox where shard = any ($1::smallint[]) order by seq limit $2
"""
REMOVE_SQL: Final = f"""
with gone as (delete from outbox where seq = any ($4::bigint[])), tallied as ({TALLY_SQL})
select 1
"""  # noqa: S608 our own statement
UNFLUSHED_SQL: Final = "set synchronous_commit = off"
"""Of what a relay writes: a removal lost in a crash is sent again, which every hearer knows."""


@dataclass(slots=True)
class Relay:
    """One of possibly several relays; each shard is published by exactly one of them."""

    database: Database
    sender: KafkaSender
    metrics: MessagingMetrics
    batch_max: int
    poll_seconds: float
    gather_seconds: float
    wake: asyncio.Event
    _removed: int = 0
    _shards: list[int] = field(default_factory=list)
    _locked_at: float = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until `stop` is set. Raises `Unavailable`: run it again after a while."""
        connection = await self.database.dedicated()
        self._shards, self._locked_at = [], 0.0
        try:
            await connection.execute(UNFLUSHED_SQL)
            while not stop.is_set():
                await self._lock_shards(connection)
                await self._round(connection, stop)
                await self._tidy(connection)
        except OUTAGES as outage:
            raise Unavailable("the relay lost the database") from outage
        finally:
            self.metrics.shards.set(0)
            connection.terminate()
            await self.sender.stop()

    async def _round(self, connection: asyncpg.Connection, stop: asyncio.Event) -> None:
        began = asyncio.get_running_loop().time()
        published = await self.publish_once(connection)
        if published == 0:
            await self._wait(stop)
        elif published < self.batch_max:
            # What comes in the meantime goes together: a round costs more than its events. The
            # more there is to do, the more that saves, and the less a few moments matter.
            spent = asyncio.get_running_loop().time() - began
            longer = 1 + min(published, GATHER_EVENTS_MAX) / GATHER_EVENTS
            await pause(stop, max(0.0, self.gather_seconds * longer - spent))

    async def publish_once(self, connection: asyncpg.Connection) -> int:
        """Publish one batch of our shards; returns how many events Kafka acknowledged.

        Raises `Unavailable` when Kafka does not take them; they stay in the outbox.
        """
        rows = await connection.fetch(FETCH_SQL, self._shards, self.batch_max)
        acknowledged: list[asyncpg.Record] = []
        failed_keys: set[tuple[str, str]] = set()
        try:
            for wave in waves(rows):
                ready = [row for row in wave if key_of(row) not in failed_keys]
                results = await self.sender.send([_letter(row) for row in ready])
                for row, is_sent in zip(ready, results, strict=True):
                    if is_sent:
                        acknowledged.append(row)
                    else:
                        failed_keys.add(key_of(row))
        finally:
            # What an earlier wave sent is sent, whatever became of the later ones.
            await self._remove(connection, acknowledged)
        self.metrics.publish_failures.inc(len(failed_keys))
        return len(acknowledged)

    async def _remove(self, connection: asyncpg.Connection, rows: Sequence[asyncpg.Record]) -> None:
        if not rows:
            return
        tallies = Counter(f"published:{row['type']}" for row in rows)
        counted = (OWN_SLOT, list(tallies), list(tallies.values()))
        await connection.execute(REMOVE_SQL, *counted, [row["seq"] for row in rows])
        self._removed += len(rows)
        for topic, count in Counter(row["aggregatetype"] for row in rows).items():
            self.metrics.published.labels(topic).inc(count)

    async def _tidy(self, connection: asyncpg.Connection) -> None:
        """Clear away removed rows: autovacuum's minute is long for a table that turns over."""
        if self._removed >= TIDY_ROWS:
            self._removed = 0
            await connection.execute("vacuum (skip_locked) outbox")

    async def _lock_shards(self, connection: asyncpg.Connection) -> None:
        now = asyncio.get_running_loop().time()
        if self._locked_at and now - self._locked_at < LOCK_EVERY_SECONDS:
            return
        self._locked_at = now
        for row in await connection.fetch(SHARDS_SQL):
            shard = row["shard"]
            if shard not in self._shards and await connection.fetchval(LOCK_SQL, LOCK_SPACE, shard):
                self._shards.append(shard)
        self.metrics.shards.set(len(self._shards))

    async def _wait(self, stop: asyncio.Event) -> None:
        """Until a transaction of this process wakes us, or another may have written, or stop."""
        waiting = [asyncio.ensure_future(event.wait()) for event in (self.wake, stop)]
        await asyncio.wait(waiting, timeout=self.poll_seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        self.wake.clear()


def key_of(row: asyncpg.Record) -> tuple[str, str]:
    """What order is kept for: a key within a topic."""
    return row["aggregatetype"], row["aggregateid"]


def waves(rows: Sequence[asyncpg.Record]) -> list[list[asyncpg.Record]]:
    """Split rows so that no wave holds two of one key.

    The next event of a key is sent only after the one before is acknowledged: a send that fails
    can then never be overtaken by the one behind it.
    """
    depth: Counter[tuple[str, str]] = Counter()
    found: list[list[asyncpg.Record]] = []
    for row in rows:
        key = key_of(row)
        if depth[key] == len(found):
            found.append([])
        found[depth[key]].append(row)
        depth[key] += 1
    return found


def _letter(row: asyncpg.Record) -> Letter:
    return Letter(
        topic=row["aggregatetype"],
        key=row["aggregateid"],
        value=row["payload"],
        headers=orjson.loads(row["headers"]),
    )
