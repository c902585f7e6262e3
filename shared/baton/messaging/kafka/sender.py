"""The producer: waits for all replicas, and never for ever."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from struct import unpack
from typing import Final, NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.producer.message_accumulator import BatchBuilder

from baton.errors import Unavailable
from baton.messaging.kafka.access import ANSWER_SECONDS_MAX, KafkaAccess, let_go

LINGER_MS: Final = 0
"""What is sent is batched already: waiting for more would only make it late."""
SEND_BATCH_BYTES: Final = 256 * 1024
REQUEST_BYTES_MAX: Final = 2 * 1024 * 1024
WORD: Final = 0xFFFF_FFFF
MULTIPLIER: Final = 0x5BD1_E995


class Letter(NamedTuple):
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
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                return await self._send(letters)
        except (KafkaError, OSError, TimeoutError) as error:
            await self.stop()
            raise Unavailable(f"Kafka does not take sends: {type(error).__name__}") from error

    async def _send(self, letters: Sequence[Letter]) -> list[bool]:
        producer = self._producer or await self._start()
        batches: list[tuple[str, int, BatchBuilder, list[int]]] = []
        open_batches: dict[tuple[str, int], int] = {}
        counts = await self._partition_counts(producer, {letter.topic for letter in letters})
        for index, letter in enumerate(letters):
            key = letter.key.encode()
            place = (letter.topic, partition_of(key, counts[letter.topic]))
            at = open_batches.get(place)
            if at is None or not _add(batches[at][2], letter, key):
                batch = producer.create_batch()
                if not _add(batch, letter, key):
                    raise Unavailable(f"an event for {letter.topic} is larger than Kafka takes")
                at = open_batches[place] = len(batches)
                batches.append((*place, batch, []))
            batches[at][3].append(index)
        futures = [
            await producer.send_batch(batch, self._access.topic_prefix + topic, partition=number)
            for topic, number, batch, _ in batches
        ]
        answers = await asyncio.gather(*futures, return_exceptions=True)
        results = [False] * len(letters)
        for (_, _, _, indexes), answer in zip(batches, answers, strict=True):
            for index in indexes:
                results[index] = not isinstance(answer, BaseException)
        return results

    async def _partition_counts(
        self, producer: AIOKafkaProducer, topics: set[str]
    ) -> dict[str, int]:
        return {
            topic: len(await producer.partitions_for(self._access.topic_prefix + topic))
            for topic in topics
        }

    async def _start(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(
            acks="all",
            enable_idempotence=self._is_idempotent,
            linger_ms=LINGER_MS,
            max_batch_size=SEND_BATCH_BYTES,
            max_request_size=REQUEST_BYTES_MAX,
            **self._access.options(),
        )
        try:
            await producer.start()
        except BaseException:
            await let_go(producer)
            raise
        self._producer = producer
        return producer

    async def stop(self) -> None:
        """Let go of the producer; the next send makes another."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await let_go(producer)


@lru_cache(maxsize=100_000)
def partition_of(key: bytes, count: int) -> int:
    """The partition that every Kafka client chooses for a key, by `murmur2` as Java has it."""
    return (murmur2(key) & 0x7FFF_FFFF) % count


def murmur2(key: bytes) -> int:
    """MurmurHash2 (Austin Appleby, 32 bits) with Kafka's seed; aiokafka's goes byte by byte."""
    whole = len(key) & ~3
    mixed = (0x9747_B28C ^ len(key)) & WORD
    for word in unpack(f"<{whole // 4}I", key[:whole]):
        word = word * MULTIPLIER & WORD  # noqa: PLW2901 the algorithm mixes the word in place
        mixed = (mixed * MULTIPLIER & WORD) ^ ((word ^ (word >> 24)) * MULTIPLIER & WORD)
    if len(key) > whole:
        mixed = (mixed ^ int.from_bytes(key[whole:], "little")) * MULTIPLIER & WORD
    mixed = (mixed ^ (mixed >> 13)) * MULTIPLIER & WORD
    return mixed ^ (mixed >> 15)


def _add(batch: BatchBuilder, letter: Letter, key: bytes) -> bool:
    """Put a letter into a batch; False when it is full."""
    headers = [(name, value.encode()) for name, value in letter.headers.items()]
    now_ms = time.time_ns() // 1_000_000
    added = batch.append(timestamp=now_ms, key=key, value=letter.value, headers=headers)
    return added is not None
