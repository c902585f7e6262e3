"""The loop around the consumer: poll, apply, pause in an outage, notice when nothing moves."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog

from baton.clock import Clock
from baton.contracts.topics import Topic
from baton.errors import Unavailable
from baton.messaging import hearing
from baton.messaging.consumer import Consumer, TooManyParked
from baton.messaging.hearing import PartitionLost
from baton.messaging.kafka import KafkaAccess, KafkaListener, Partition
from baton.messaging.metrics import MessagingMetrics
from baton.messaging.record import Record
from baton.messaging.retries import backoff_seconds, jitter

POLL_SECONDS: Final = 0.5
LAG_EVERY_SECONDS: Final = 2.0
LANES: Final = 2
"""So many transactions are under way at once: while PostgreSQL works for one, Python does for the
other. Each lane has partitions of its own."""
STALL_SECONDS_MAX: Final = 60.0
"""So long may a member have records before it and move none of them, outages apart."""

log = structlog.get_logger()


class NoProgress(Exception):
    """The consumer is alive and moves nothing: only a new process helps."""


@dataclass(slots=True)
class Listening:
    """Runs one consumer as a member of its group until it is told to stop."""

    consumer: Consumer
    access: KafkaAccess
    topics: tuple[Topic, ...]
    records_max: int
    clock: Clock
    metrics: MessagingMetrics
    is_joined: bool = False
    is_stopped: bool = False
    _in_hand: asyncio.Lock = field(default_factory=asyncio.Lock)
    _outages: int = 0
    _lag_at: float = 0.0
    _moved_at: float = 0.0
    _timestamps: dict[Partition, int] = field(default_factory=dict)

    async def run(self, stop: asyncio.Event) -> None:
        """Join the group and apply what comes, until `stop` is set.

        Raises `Unavailable` when Kafka goes away (run again), `NoProgress` when the member is a
        zombie. After too many parked messages in a row it stays in the group and reads nothing.
        """
        listener = KafkaListener(
            self.access, group=self.consumer.group, topics=self.topics, on_revoked=self._let_go
        )
        await listener.start()
        self._moved_at = self._monotonic()
        try:
            while not stop.is_set():
                await self._step(listener, stop)
        finally:
            self.is_joined = False
            self.consumer.positions.clear()
            await listener.stop()

    async def _step(self, listener: KafkaListener, stop: asyncio.Event) -> None:
        await self._look_up_positions(listener)
        lanes = await listener.poll_lanes(
            LANES, records_max=self.records_max, wait_seconds=POLL_SECONDS
        )
        self.metrics.last_poll.set(self.clock.now().timestamp())
        if any(lanes) and not stop.is_set():
            await self._apply(listener, [lane for lane in lanes if lane])
        if self._monotonic() - self._lag_at > LAG_EVERY_SECONDS:
            await self._measure(listener)

    async def _look_up_positions(self, listener: KafkaListener) -> None:
        assigned = listener.assignment()
        self.metrics.assigned.set(len(assigned))
        self.is_joined = self.is_joined or bool(assigned)
        unknown = assigned - self.consumer.positions.keys()
        if not unknown:
            return
        beginnings = await listener.beginnings(unknown)
        async with self.consumer.transactions.begin() as tx:
            found = await hearing.load_positions(tx, self.consumer.group, beginnings)
        self.consumer.positions |= found
        listener.seek(found)

    async def _apply(self, listener: KafkaListener, lanes: Sequence[Sequence[Record]]) -> None:
        async with self._in_hand:
            try:
                await apply_lanes(self.consumer, lanes)
            except Unavailable as outage:
                await self._pause(listener, outage)
            except PartitionLost:
                self.consumer.positions.clear()
            except TooManyParked as error:
                await self._stand_still(listener, error)
            else:
                self._outages = 0
                self._moved_at = self._monotonic()
                for records in lanes:
                    self._timestamps |= {(r.topic, r.partition): r.timestamp_ms for r in records}

    async def _pause(self, listener: KafkaListener, outage: Unavailable) -> None:
        """Wait out an outage without leaving the group, then read again from where we are."""
        self._outages += 1
        seconds = backoff_seconds(self._outages, jitter())
        log.warning("consumer_paused", reason=str(outage), seconds=round(seconds, 2))
        listener.pause()
        await listener.poll(records_max=1, wait_seconds=seconds)
        listener.resume()
        listener.seek(self.consumer.positions)
        self._moved_at = self._monotonic()

    async def _stand_still(self, listener: KafkaListener, error: TooManyParked) -> None:
        self.is_stopped = True
        self.metrics.is_stopped.set(1)
        log.error("consumer_stopped", reason=str(error))
        listener.pause()

    async def _let_go(self) -> None:
        async with self._in_hand:
            self.metrics.rebalances.inc()
            self.consumer.positions.clear()

    async def _measure(self, listener: KafkaListener) -> None:
        self._lag_at = self._monotonic()
        positions = dict(self.consumer.positions)
        if not positions:
            self._moved_at = self._lag_at
            return
        ends = await listener.ends(set(positions))
        await listener.tell(positions)
        behind = {at: max(0, ends.get(at, 0) - position) for at, position in positions.items()}
        now_ms = self.clock.now().timestamp() * 1000
        for (topic, partition), lag in behind.items():
            since = self._timestamps.get((topic, partition), now_ms)
            self.metrics.lag_records.labels(topic, partition).set(lag)
            age_seconds = max(0.0, (now_ms - since) / 1000) if lag else 0.0
            self.metrics.lag_seconds.labels(topic, partition).set(age_seconds)
        if not any(behind.values()) or self.is_stopped:
            self._moved_at = self._lag_at
        if self._lag_at - self._moved_at > STALL_SECONDS_MAX:
            raise NoProgress(f"{sum(behind.values())} records wait and none has moved")

    @staticmethod
    def _monotonic() -> float:
        return asyncio.get_running_loop().time()


async def apply_lanes(consumer: Consumer, lanes: Sequence[Sequence[Record]]) -> None:
    """Apply all lanes at once; raises, when all have ended, the gravest of what they raised."""
    results = await asyncio.gather(*map(consumer.apply, lanes), return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    if failures:
        raise min(failures, key=_rank)


def _rank(failure: BaseException) -> int:
    """A bug first, then what ends the reading, then what only interrupts it."""
    match failure:
        case Unavailable():
            return 3
        case PartitionLost():
            return 2
        case TooManyParked():
            return 1
        case _:
            return 0
