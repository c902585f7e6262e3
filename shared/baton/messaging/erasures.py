"""Recorded erasures, applied again to a database that came back from a backup.

Theory of operation. Who was forgotten after the backup was made stands in the restored database
again; that they were forgotten stands in the log, as `PersonErased`. Services that hear it go on
from the offset in their own database, which came back with it, so that they hear it again. The one
that says it hears nothing of its own: it keeps a mark, the ends of the topic as they were at a
moment, and everything before the mark is true of its database. A restored database has an older
mark, and what lies between that and the end is applied before the doors open.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import structlog

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.marketing import PersonErased
from baton.contracts.topics import LEADS
from baton.database import Reader
from baton.errors import Unavailable
from baton.messaging.kafka import KafkaAccess, KafkaReader, open_topic
from baton.messaging.record import deliver
from baton.messaging.subscription import FORGETS, Handler, Heard
from baton.timers import pause
from baton.transaction import Transaction
from baton.transactions import Transactions

if TYPE_CHECKING:
    from baton.parts import Parts

MARK_EVERY_SECONDS: Final = 30.0
TRY_EVERY_SECONDS: Final = 2.0
TYPES: Final = frozenset({FORGETS})

LOAD_SQL: Final = """
select partition, position from consumer_offsets where consumer_group = $1 and topic = $2
"""
MARK_SQL: Final = """
insert into consumer_offsets as o (consumer_group, topic, partition, position, moved_at)
select $1, $2, partition, position, $5
from unnest($3::integer[], $4::bigint[]) as n (partition, position)
on conflict (consumer_group, topic, partition)
do update set position = excluded.position, moved_at = excluded.moved_at
"""

log = structlog.get_logger()
Offsets = Mapping[int, int]


@dataclass(slots=True)
class Erasures:
    """Looks back at what the log says of the forgotten, for one service.

    `handler` is what hears `PersonErased`; hearing one twice changes nothing.
    """

    service: str
    handler: Handler
    transactions: Transactions
    access: KafkaAccess
    is_restored: bool
    """Whether somebody has said that the database came back from a backup."""
    is_begun: bool = False
    """Whether the service runs: one whose doors alone are open looks for nothing."""
    is_done: bool = False
    is_log_away: bool = False
    _seen: dict[int, int] = field(default_factory=dict)

    @property
    def is_needed(self) -> bool:
        """Whether this service has to look: it says erasures, or was restored."""
        return self._says_them or self.is_restored

    @property
    def is_blocking(self) -> bool:
        """Whether the doors stay shut: until it is done.

        Without Kafka nobody can look; a service that was not restored then opens all the same,
        because receiving never waits for Kafka.
        """
        is_open = self.is_done or (self.is_log_away and not self.is_restored)
        return self.is_needed and self.is_begun and not is_open

    def state(self) -> str:
        """In words, for whoever asks whether the service is ready."""
        if self.is_done or not self.is_needed or not self.is_begun:
            return "ok"
        return "the log is not reachable" if self.is_log_away else "being looked for in the log"

    @property
    def _says_them(self) -> bool:
        return LEADS.owner == self.service

    @property
    def _group(self) -> str:
        return f"{self.service}.erasures" if self._says_them else self.service

    async def run(self, stop: asyncio.Event) -> None:
        """Look back once, then keep the mark moving; look again when the mark went back."""
        while not stop.is_set():
            try:
                if self.is_done:
                    await self.move_mark()
                else:
                    await self.look_back()
            except Unavailable as outage:
                self.is_log_away = True
                log.warning("erasures_wait", reason=outage.message)
                await pause(stop, TRY_EVERY_SECONDS)
                continue
            if self.is_done and not self._says_them:
                await stop.wait()
            elif self.is_done:
                await pause(stop, MARK_EVERY_SECONDS)

    async def look_back(self, *, from_beginning: bool = False) -> int:
        """Apply what lies behind the mark, or all that was ever said; returns how many erasures.

        Raises `Unavailable` when Kafka or the database is away.
        """
        async with open_topic(self.access, LEADS) as topic:
            ends = await topic.ends()
            starts = await self._starts(topic, from_beginning=from_beginning)
            count = 0
            async with aclosing(_erasures(topic, starts, ends)) as batches:
                async for events in batches:
                    async with self.transactions.begin() as tx:
                        await self.handler(events, tx)
                    count += len(events)
        if self._says_them:
            async with self.transactions.begin() as tx:
                await self._write(tx, ends)
        self._seen, self.is_done = ends, True
        log.info("erasures_applied", count=count)
        return count

    async def _starts(self, topic: KafkaReader, *, from_beginning: bool) -> Offsets:
        """Where to begin: a partition that was never heard has told this database nothing."""
        async with self.transactions.read() as reader:
            marks = await self._load(reader)
        if self._says_them or from_beginning:
            beginnings = await topic.beginnings()
            return beginnings if from_beginning else {**beginnings, **marks}
        return marks

    async def move_mark(self) -> None:
        """What the log holds now is true of this database; unless that was put back meanwhile.

        Raises `Unavailable`.
        """
        async with open_topic(self.access, LEADS) as topic:
            ends = await topic.ends()
        async with self.transactions.begin() as tx:
            marks = await self._load(tx)
            if any(marks.get(at, -1) < seen for at, seen in self._seen.items()):
                self.is_done = self.is_log_away = False
                log.warning("erasures_restored", reason="the mark in the database went back")
                return
            # Another replica may have been later at the log and earlier here.
            ends = {at: max(end, marks.get(at, 0)) for at, end in ends.items()}
            await self._write(tx, ends)
        self._seen = ends

    async def _load(self, reader: Reader) -> dict[int, int]:
        rows = await reader.fetch(LOAD_SQL, self._group, LEADS.name)
        return {row["partition"]: row["position"] for row in rows}

    async def _write(self, tx: Transaction, ends: Offsets) -> None:
        numbers, positions = list(ends), list(ends.values())
        await tx.execute(MARK_SQL, self._group, LEADS.name, numbers, positions, tx.now)


async def _erasures(
    topic: KafkaReader, starts: Offsets, ends: Offsets
) -> AsyncGenerator[Sequence[Heard]]:
    """The erasures among what lies between these offsets; what nobody can read is passed over."""
    async with aclosing(topic.between(starts, ends)) as batches:
        async for records in batches:
            heard = [deliver(record, TYPES).heard for record in records]
            events = [one for one in heard if one is not None and one.type == FORGETS]
            if events:
                yield events


def erased_people(events: Sequence[Heard]) -> list[str]:
    """Whom these events say to forget."""
    facts: list[Fact] = [one.data for one in events if isinstance(one, Event)]
    return [fact.person_id for fact in facts if isinstance(fact, PersonErased)]


def erasures_of(parts: "Parts", transactions: Transactions, access: KafkaAccess) -> Erasures | None:
    """What applies recorded erasures again to a service's database; None: it holds nobody."""
    if parts.erase_again is None:
        return None
    is_restored = parts.settings.restored
    return Erasures(parts.name, parts.erase_again, transactions, access, is_restored)
