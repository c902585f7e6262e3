"""How the brokers are reached, and how a client of theirs is let go."""

import asyncio
import ssl
from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from baton.settings import ServiceSettings

Partition = tuple[str, int]

ANSWER_SECONDS_MAX: Final = 15.0
STOP_SECONDS_MAX: Final = 3.0
REQUEST_TIMEOUT_MS: Final = 10_000


@dataclass(frozen=True, slots=True)
class KafkaAccess:
    """How the brokers are reached; `username` and `password` mean SASL/SCRAM over TLS.

    `topic_prefix` stands before every topic's name on the broker, so that several installations
    can share one; inside Baton topics go by their own names.
    """

    bootstrap: str
    client_id: str
    username: str | None = None
    password: str | None = None
    topic_prefix: str = ""

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


def access_of(settings: ServiceSettings, name: str) -> KafkaAccess:
    """How a service of this name reaches Kafka."""
    password = settings.kafka_password
    return KafkaAccess(
        bootstrap=settings.kafka_bootstrap,
        client_id=name,
        username=settings.kafka_username,
        password=None if password is None else password.get_secret_value(),
        topic_prefix=settings.topic_prefix,
    )


async def let_go(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    """Stop a client, for a bounded time."""
    stopping = asyncio.ensure_future(client.stop())
    # A stop can hang on a dead broker; what it leaves behind dies with the process.
    await asyncio.wait({stopping}, timeout=STOP_SECONDS_MAX)
    if not stopping.done():
        stopping.cancel()
    elif not stopping.cancelled():
        stopping.exception()
