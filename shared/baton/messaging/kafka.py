"""Kafka itself; the only file that knows aiokafka."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from baton.contracts.topics import Topic
from baton.errors import Unavailable
from baton.messaging.record import Record

Partition = tuple[str, int]

SEND_TIMEOUT_SECONDS: Final = 15.0
STOP_TIMEOUT_SECONDS: Final = 3.0
REQUEST_TIMEOUT_MS: Final = 10_000
LINGER_MS: Final = 2
SEND_BATCH_BYTES: Final = 256 * 1024
FETCH_BYTES_MAX: Final = 4 * 1024 * 1024
FOREVER: Final = "-1"


@dataclass(frozen=True, slots=True)
class KafkaAccess:
    """How the brokers are reached; `username` and `password` mean SASL/SCRAM over TLS."""

    bootstrap: str
    client_id: str
    username: str | None = None
    password: str | None = None

    def options(self) -> dict[str, object]:
        """What every aiokafka client is made with."""
        options: dict[str, object] = {
            "bootstrap_servers": self.bootstrap,
            "client_id": self.client_id,
            "request_timeout_ms": REQUEST_TIMEOUT_MS,
        }
        if self.username is not None:
            options |= {
                "security_protocol": "SASL_SSL",
                "sasl_mechanism": "SCRAM-SHA-512",
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
                "ssl_context": ssl.create_default_context(),
            }
        return options


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be sent: a key, a value (None: a tombstone) and headers."""

    topic: str
    key: str
    value: bytes | None
    headers: Mapping[str, str]


class KafkaSender:
    """A producer that waits for all replicas and never for ever."""

    def __init__(self, access: KafkaAccess, *, is_idempotent: bool = False) -> None:
        # Idempotence is off by default: with it on, sends to a dead broker hang for ever
        # (aiokafka issue 1101), and what is sent twice is harmless here.
        self._access = access
        self._is_idempotent = is_idempotent
        self._producer: AIOKafkaProducer | None = None

    async def send(self, letters: Sequence[Letter]) -> list[bool]:
        """Send all; says of each, in order, whether Kafka has it. Raises `Unavailable`."""
        try:
            async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                return await self._send(letters)
        except (KafkaError, OSError, TimeoutError) as error:
            await self.stop()
            raise Unavailable(f"Kafka does not take sends: {type(error).__name__}") from error

    async def _send(self, letters: Sequence[Letter]) -> list[bool]:
        producer = self._producer or await self._start()
        futures = [
            await producer.send(
                letter.topic,
                letter.value,
                letter.key.encode(),
                headers=[(name, value.encode()) for name, value in letter.headers.items()],
            )
            for letter in letters
        ]
        results = await asyncio.gather(*futures, return_exceptions=True)
        return [not isinstance(result, BaseException) for result in results]

    async def _start(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(
            acks="all",
            enable_idempotence=self._is_idempotent,
            linger_ms=LINGER_MS,
            max_batch_size=SEND_BATCH_BYTES,
            max_request_size=2 * 1024 * 1024,
            **self._access.options(),
        )
        try:
            await producer.start()
        except BaseException:
            await _stop(producer)
            raise
        self._producer = producer
        return producer

    async def stop(self) -> None:
        """Let go of the producer; the next send makes another."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await _stop(producer)


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
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=FETCH_BYTES_MAX,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=1_000,
            rebalance_timeout_ms=30_000,
            metadata_max_age_ms=30_000,
            **access.options(),
        )
        self._topics = [topic.name for topic in topics]
        self._rebalances = _Rebalances(on_revoked)

    async def start(self) -> None:
        """Join the group. Raises `Unavailable`."""
        try:
            async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                await self._consumer.start()
        except (KafkaError, OSError, TimeoutError) as error:
            await _stop(self._consumer)
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
        return [_record(raw) for records in batches.values() for raw in records]

    def assignment(self) -> set[Partition]:
        """The partitions that the group has given to this member."""
        return {(at.topic, at.partition) for at in self._consumer.assignment()}

    def seek(self, positions: Mapping[Partition, int]) -> None:
        """Read on from these offsets; partitions that are not ours any more are passed over."""
        for partition, position in positions.items():
            if partition in self.assignment():
                self._consumer.seek(TopicPartition(*partition), position)

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
            answer = await ask([TopicPartition(*partition) for partition in sorted(partitions)])
        except (KafkaError, OSError) as error:
            raise Unavailable(f"Kafka does not answer: {type(error).__name__}") from error
        return {(at.topic, at.partition): offset for at, offset in answer.items()}

    def pause(self) -> None:
        """Stop fetching, stay in the group."""
        self._consumer.pause(*self._consumer.assignment())

    def resume(self) -> None:
        """Fetch again."""
        self._consumer.resume(*self._consumer.paused())

    async def tell(self, positions: Mapping[Partition, int]) -> bool:
        """Commit to Kafka, for lag tools only; says whether Kafka took it."""
        ours = {
            TopicPartition(*partition): position
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
        await _stop(self._consumer)


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


async def _stop(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    stopping = asyncio.ensure_future(client.stop())
    # A stop can hang on a dead broker; what it leaves behind dies with the process.
    await asyncio.wait({stopping}, timeout=STOP_TIMEOUT_SECONDS)
    if not stopping.done():
        stopping.cancel()
    elif not stopping.cancelled():
        stopping.exception()


def _record(raw: object) -> Record:
    return Record(
        topic=raw.topic,  # type: ignore[attr-defined]  # aiokafka is untyped
        partition=raw.partition,  # type: ignore[attr-defined]  # as above
        offset=raw.offset,  # type: ignore[attr-defined]  # as above
        key=(raw.key or b"").decode(errors="replace"),  # type: ignore[attr-defined]  # as above
        value=raw.value,  # type: ignore[attr-defined]  # as above
        headers={name: value.decode(errors="replace") for name, value in raw.headers},  # type: ignore[attr-defined]  # as above
        timestamp_ms=raw.timestamp,  # type: ignore[attr-defined]  # as above
    )


async def create_topics(
    access: KafkaAccess, topics: Sequence[Topic], *, partitions: int, replicas: int
) -> list[str]:
    """Create the topics that are not there, with the settings that each needs; returns their names.

    A topic that is there is left as it is: its partition count never changes in place.
    Raises `Unavailable` when Kafka is away.
    """
    admin = AIOKafkaAdminClient(**access.options())
    created: list[str] = []
    try:
        await admin.start()
        for topic in topics:
            answer = await admin.create_topics([_new_topic(topic, partitions, replicas)])
            if _is_created(answer):
                created.append(topic.name)
    except TopicAlreadyExistsError:
        return created
    except (KafkaError, OSError) as error:
        raise Unavailable(f"Kafka is not reachable: {type(error).__name__}") from error
    finally:
        await admin.close()
    return created


def _is_created(answer: object) -> bool:
    for _, code, *_ in answer.topic_errors:  # type: ignore[attr-defined]  # aiokafka is untyped
        error = for_code(code)
        if error is TopicAlreadyExistsError:
            return False
        if code != 0:
            raise error()
    return True


def _new_topic(topic: Topic, partitions: int, replicas: int) -> NewTopic:
    settings = {"retention.ms": FOREVER, "min.insync.replicas": str(max(1, replicas - 1))}
    if topic.is_compacted:
        settings |= {
            "cleanup.policy": "compact",
            "max.compaction.lag.ms": "86400000",
            "delete.retention.ms": "604800000",
            "segment.ms": "3600000",
        }
    return NewTopic(topic.name, partitions, replicas, topic_configs=settings)
