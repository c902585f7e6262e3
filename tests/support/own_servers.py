"""Kafka and PostgreSQL started by the launcher's own code, on free ports, for one run."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from launcher.infrastructure import Infrastructure, InfrastructurePorts
from launcher.ports import free_port
from support.infrastructure import Addresses


@asynccontextmanager
async def running_servers() -> AsyncIterator[Addresses]:
    """Both servers, until the run ends; nothing of them is left."""
    # Not pytest's own folder: the database's user could not enter that one.
    folder = Path(tempfile.mkdtemp(prefix="baton-test-"))
    folder.chmod(0o711)  # noqa: ASYNC240 once, before anything runs
    ports = InfrastructurePorts(
        kafka=free_port(), kafka_controller=free_port(), postgres=free_port()
    )
    infrastructure = Infrastructure(folder, ports)
    await infrastructure.start()
    try:
        yield Addresses(infrastructure.kafka_bootstrap, infrastructure.postgres_url)
    finally:
        # A clean stop takes Kafka a quarter of a minute, for topics that are thrown away with it.
        if infrastructure.kafka is not None:
            infrastructure.kafka.kill()
        infrastructure.stop()
        shutil.rmtree(folder)
