"""Everything that lies in some topics, from the first record to the last."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from baton.contracts.topics import Topic
from baton.messaging.kafka import KafkaAccess


@dataclass(frozen=True, slots=True)
class Lying:
    """One record, as bytes."""

    topic: str
    key: bytes
    value: bytes
    headers: bytes


async def everything_in(access: KafkaAccess, topics: Sequence[Topic]) -> list[Lying]:
    """All records of these topics."""
    consumer = AIOKafkaConsumer(enable_auto_commit=False, **access.options())
    await consumer.start()
    found: list[Lying] = []
    try:
        for topic in topics:
            name = access.topic_prefix + topic.name
            partitions = [TopicPartition(name, n) for n in await partitions_of(consumer, name)]
            consumer.assign(partitions)
            await consumer.seek_to_beginning(*partitions)
            for partition, end in (await consumer.end_offsets(partitions)).items():
                while await consumer.position(partition) < end:
                    batch = await consumer.getmany(partition, timeout_ms=1000)
                    found += [_lying(topic, record) for record in batch.get(partition, ())]
    finally:
        await consumer.stop()
    return found


async def partitions_of(consumer: AIOKafkaConsumer, name: str) -> list[int]:
    """The numbers of a topic's partitions."""
    cluster = await consumer._client.fetch_all_metadata()
    return sorted(cluster.partitions_for_topic(name) or ())


async def put(
    access: KafkaAccess, topic: Topic, *, key: str, value: bytes, headers: dict[str, str]
) -> None:
    """Put a record there as a stranger would."""
    producer = AIOKafkaProducer(**access.options())
    await producer.start()
    try:
        await producer.send_and_wait(
            access.topic_prefix + topic.name,
            value,
            key=key.encode(),
            headers=[(name, text.encode()) for name, text in headers.items()],
        )
    finally:
        await producer.stop()


def _lying(topic: Topic, record: object) -> Lying:
    headers = b"\n".join(
        name.encode() + b"=" + (value or b"")
        for name, value in record.headers  # type: ignore[attr-defined]  # aiokafka is untyped
    )
    key = record.key or b""  # type: ignore[attr-defined]  # as above
    value = record.value or b""  # type: ignore[attr-defined]  # as above
    return Lying(topic.name, key, value, headers)
