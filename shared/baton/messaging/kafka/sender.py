"""The producer: waits for all replicas, and never for ever."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from baton.errors import Unavailable
from baton.messaging.kafka.access import ANSWER_SECONDS_MAX, KafkaAccess, let_go

LINGER_MS: Final = 2
SEND_BATCH_BYTES: Final = 256 * 1024
REQUEST_BYTES_MAX: Final = 2 * 1024 * 1024


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
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                return await self._send(letters)
        except (KafkaError, OSError, TimeoutError) as error:
            await self.stop()
            raise Unavailable(f"Kafka does not take sends: {type(error).__name__}") from error

    async def _send(self, letters: Sequence[Letter]) -> list[bool]:
        producer = self._producer or await self._start()
        futures = [
            await producer.send(
                self._access.topic_prefix + letter.topic,
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
