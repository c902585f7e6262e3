"""Kafka and PostgreSQL for Baton: those that the environment names, or our own."""

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from launcher.jars import cache_folder, kafka_jars
from launcher.kafka import KafkaBroker
from launcher.ports import require_free
from launcher.postgres import PostgresServer

KAFKA_SETTING: Final = "BATON_KAFKA_BOOTSTRAP"
POSTGRES_SETTING: Final = "BATON_POSTGRES_URL"


@dataclass(frozen=True, slots=True)
class InfrastructurePorts:
    """Where our own servers listen."""

    kafka: int = 9092
    kafka_controller: int = 9093
    postgres: int = 5432


@dataclass(slots=True)
class Infrastructure:
    """Starts what is not named, and leaves alone what is."""

    folder: Path
    ports: InfrastructurePorts
    kafka: KafkaBroker | None = field(default=None)
    postgres: PostgresServer | None = field(default=None)
    kafka_bootstrap: str = ""
    postgres_url: str = ""

    async def start(self) -> None:
        """Start both at once; returns when both answer. Raises `CannotStart`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.kafka_bootstrap = os.environ.get(KAFKA_SETTING, "")
        self.postgres_url = os.environ.get(POSTGRES_SETTING, "")
        starting = []
        if not self.postgres_url:
            require_free(self.ports.postgres, "PostgreSQL", "BATON_POSTGRES_PORT")
            self.postgres = PostgresServer(self.folder / "postgres", self.ports.postgres)
            starting.append(self.postgres.start())
        if not self.kafka_bootstrap:
            starting.append(self._start_kafka())
        try:
            await asyncio.gather(*starting)
        except BaseException:
            self.stop()
            raise
        if self.kafka is not None:
            self.kafka_bootstrap = self.kafka.bootstrap
        if self.postgres is not None:
            self.postgres_url = self.postgres.url

    async def _start_kafka(self) -> None:
        require_free(self.ports.kafka, "Kafka", "BATON_KAFKA_PORT")
        require_free(self.ports.kafka_controller, "Kafka's controller", "BATON_KAFKA_PORT")
        jars = await asyncio.to_thread(kafka_jars, cache_folder())
        self.kafka = KafkaBroker(
            self.folder / "kafka", self.ports.kafka, self.ports.kafka_controller, jars
        )
        await self.kafka.start()

    def stop(self) -> None:
        """Stop what was started."""
        for server in (self.kafka, self.postgres):
            if server is not None:
                server.stop()
