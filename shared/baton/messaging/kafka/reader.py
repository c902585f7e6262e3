"""Reading one topic from given offsets to its end as it is now, as a member of no group."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from baton.contracts.topics import Topic
from baton.errors import Unavailable
from baton.messaging.kafka.access import ANSWER_SECONDS_MAX, KafkaAccess, let_go
from baton.messaging.record import Record

RECORDS_MAX: Final = 2000
POLL_MS: Final = 1000


class KafkaReader:
    """An open topic; offsets are by partition."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: Topic) -> None:
        self._consumer = consumer
        self._topic = topic

    async def beginnings(self) -> dict[int, int]:
        """The first offset of each partition. Raises `Unavailable`."""
        return _by_number(await _answer(self._consumer.beginning_offsets(self._partitions())))

    async def ends(self) -> dict[int, int]:
        """The offset behind the last record of each partition. Raises `Unavailable`."""
        return _by_number(await _answer(self._consumer.end_offsets(self._partitions())))

    async def between(
        self, starts: Mapping[int, int], ends: Mapping[int, int]
    ) -> AsyncGenerator[list[Record]]:
        """What lies between these offsets, in order per partition. Raises `Unavailable`."""
        for partition in self._partitions():
            start, end = starts.get(partition.partition), ends.get(partition.partition, 0)
            if start is None or start >= end:
                continue
            self._consumer.seek(partition, start)
            while await _answer(self._consumer.position(partition)) < end:
                batch = await _answer(
                    self._consumer.getmany(partition, timeout_ms=POLL_MS, max_records=RECORDS_MAX)
                )
                yield [self._record(raw) for raw in batch.get(partition, ()) if raw.offset < end]

    def _partitions(self) -> list[TopicPartition]:
        return sorted(self._consumer.assignment())

    def _record(self, raw: ConsumerRecord) -> Record:
        return Record(
            topic=self._topic.name,
            partition=raw.partition,
            offset=raw.offset,
            key=(raw.key or b"").decode(errors="replace"),
            value=raw.value,
            headers={name: value.decode(errors="replace") for name, value in raw.headers},
            timestamp_ms=raw.timestamp,
        )


@asynccontextmanager
async def open_topic(access: KafkaAccess, topic: Topic) -> AsyncIterator[KafkaReader]:
    """Open a topic for reading until the block ends. Raises `Unavailable`."""
    consumer = AIOKafkaConsumer(
        access.topic_prefix + topic.name,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        **access.options(),
    )
    try:
        await _answer(consumer.start())
        yield KafkaReader(consumer, topic)
    finally:
        await let_go(consumer)


def _by_number(offsets: Mapping[TopicPartition, int]) -> dict[int, int]:
    return {at.partition: offset for at, offset in offsets.items()}


async def _answer(asked: Awaitable[Any]) -> Any:  # noqa: ANN401 aiokafka is untyped
    try:
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            return await asked
    except (KafkaError, OSError, TimeoutError) as error:
        raise Unavailable(f"Kafka is not reachable: {type(error).__name__}") from error
