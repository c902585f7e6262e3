"""The consumer: a member of a group that keeps its own offsets elsewhere."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from baton.contracts.topics import Topic
from baton.errors import Unavailable
from baton.messaging.kafka.access import ANSWER_SECONDS_MAX, KafkaAccess, Partition, let_go
from baton.messaging.record import Record

FETCH_BYTES_MAX: Final = 4 * 1024 * 1024


class KafkaListener:
    """A member of a consumer group that keeps its own offsets elsewhere."""

    def __init__(
        self,
        access: KafkaAccess,
        *,
        group: str,
        topics: Sequence[Topic],
        on_revoked: Callable[[], Awaitable[None]],
    ) -> None:
        self._consumer = AIOKafkaConsumer(
            # Of several installations on one broker each has its own groups, as its own topics.
            group_id=access.topic_prefix + group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=FETCH_BYTES_MAX,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=1_000,
            rebalance_timeout_ms=30_000,
            metadata_max_age_ms=30_000,
            **access.options(),
        )
        self._prefix = access.topic_prefix
        self._topics = [self._prefix + topic.name for topic in topics]
        self._rebalances = _Rebalances(on_revoked)

    async def start(self) -> None:
        """Join the group. Raises `Unavailable`."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                await self._consumer.start()
        except (KafkaError, OSError, TimeoutError) as error:
            await let_go(self._consumer)
            raise Unavailable(f"Kafka is not reachable: {type(error).__name__}") from error
        self._consumer.subscribe(self._topics, listener=self._rebalances)

    async def poll(self, *, records_max: int, wait_seconds: float) -> list[Record]:
        """What has come, in order per partition; empty after the wait. Raises `Unavailable`."""
        try:
            batches = await self._consumer.getmany(
                timeout_ms=int(wait_seconds * 1000), max_records=records_max
            )
        except (KafkaError, OSError) as error:
            raise Unavailable(f"Kafka does not answer: {type(error).__name__}") from error
        return [self._record(raw) for records in batches.values() for raw in records]

    async def poll_lanes(
        self, lanes: int, *, records_max: int, wait_seconds: float
    ) -> list[list[Record]]:
        """What has come for each lane, at most `records_max` each. Raises `Unavailable`.

        A lane has every `lanes`-th partition number of all topics, so that what is said of one
        person, in whichever topic, is in one lane.
        """
        found: list[list[Record]] = [[] for _ in range(lanes)]
        for record in await self.poll(records_max=records_max, wait_seconds=wait_seconds):
            found[record.partition % lanes].append(record)
        if any(found):
            for number, records in enumerate(found):
                records.extend(await self._more(number, lanes, records_max - len(records)))
        return found

    async def _more(self, number: int, lanes: int, records_max: int) -> list[Record]:
        """What else lies ready for a lane: one poll may have met the records of one partition."""
        own = [at for at in self._consumer.assignment() if at.partition % lanes == number]
        if not own or not records_max:
            return []
        try:
            batches = await self._consumer.getmany(*own, timeout_ms=0, max_records=records_max)
        except (KafkaError, OSError) as error:
            raise Unavailable(f"Kafka does not answer: {type(error).__name__}") from error
        return [self._record(raw) for records in batches.values() for raw in records]

    def assignment(self) -> set[Partition]:
        """The partitions that the group has given to this member."""
        return {self._ours(at) for at in self._consumer.assignment()}

    def seek(self, positions: Mapping[Partition, int]) -> None:
        """Read on from these offsets; partitions that are not ours any more are passed over."""
        for partition, position in positions.items():
            if partition in self.assignment():
                self._consumer.seek(self._theirs(partition), position)

    async def beginnings(self, partitions: set[Partition]) -> dict[Partition, int]:
        """The first offset of each. Raises `Unavailable`."""
        return await self._offsets(self._consumer.beginning_offsets, partitions)

    async def ends(self, partitions: set[Partition]) -> dict[Partition, int]:
        """The offset behind the last record of each. Raises `Unavailable`."""
        return await self._offsets(self._consumer.end_offsets, partitions)

    async def _offsets(
        self,
        ask: Callable[[list[TopicPartition]], Awaitable[dict[TopicPartition, int]]],
        partitions: set[Partition],
    ) -> dict[Partition, int]:
        try:
            answer = await ask([self._theirs(partition) for partition in sorted(partitions)])
        except (KafkaError, OSError) as error:
            raise Unavailable(f"Kafka does not answer: {type(error).__name__}") from error
        return {self._ours(at): offset for at, offset in answer.items()}

    def pause(self) -> None:
        """Stop fetching, stay in the group."""
        self._consumer.pause(*self._consumer.assignment())

    def resume(self) -> None:
        """Fetch again."""
        self._consumer.resume(*self._consumer.paused())

    async def tell(self, positions: Mapping[Partition, int]) -> bool:
        """Commit to Kafka, for lag tools only; says whether Kafka took it."""
        ours = {
            self._theirs(partition): position
            for partition, position in positions.items()
            if partition in self.assignment()
        }
        try:
            if ours:
                await self._consumer.commit(ours)
        except (KafkaError, OSError):
            return False
        return True

    async def stop(self) -> None:
        """Leave the group."""
        await let_go(self._consumer)

    def _ours(self, at: TopicPartition) -> Partition:
        return at.topic.removeprefix(self._prefix), at.partition

    def _theirs(self, partition: Partition) -> TopicPartition:
        return TopicPartition(self._prefix + partition[0], partition[1])

    def _record(self, raw: ConsumerRecord) -> Record:
        return Record(
            topic=raw.topic.removeprefix(self._prefix),
            partition=raw.partition,
            offset=raw.offset,
            key=(raw.key or b"").decode(errors="replace"),
            value=raw.value,
            headers={name: value.decode(errors="replace") for name, value in raw.headers},
            timestamp_ms=raw.timestamp,
        )


class _Rebalances(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka is untyped
    """Tells the consumer that its partitions are going, before they are gone."""

    def __init__(self, on_revoked: Callable[[], Awaitable[None]]) -> None:
        self._on_revoked = on_revoked

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Wait until nothing is in hand."""
        if revoked:
            await self._on_revoked()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Nothing: the consumer looks at its assignment before it reads."""
