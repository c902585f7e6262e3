"""Where it is measured: servers and services of our own, on free ports, in a folder that goes."""

import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import psutil

from baton.messaging.kafka import KafkaAccess
from launcher.installation import Installation
from launcher.ports import free_port
from launcher.settings import PORT_SETTINGS, LaunchSettings
from launcher.topology import SERVICES
from support.eventually import eventually

SECONDS_MAX: Final = 180.0
SPECS: Final = {spec.name: spec for spec in SERVICES}


class Yard:
    """The installation that is measured, and what a stage needs of it."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation

    @property
    def kafka(self) -> KafkaAccess:
        """How the bench itself reaches Kafka."""
        return KafkaAccess(self.installation.infrastructure.kafka_bootstrap, "bench")

    def url(self, service: str) -> str:
        """Where a service answers."""
        return self.installation.url(service)

    def database_url(self, service: str) -> str:
        """A service's database, as its own role."""
        return self.installation.environment(SPECS[service])["BATON_DATABASE_URL"]

    async def run_only(self, *names: str) -> None:
        """Let these services run and no others, so that nothing else takes time."""
        for spec in SERVICES:
            process = self.installation.services[spec.name]
            if spec.name not in names and process.is_alive():
                process.stop()
        for name in names:
            if not self.installation.services[name].is_alive():
                self.installation.start_service(SPECS[name])
        await self.installation.until_ready(names)

    def process(self, service: str) -> psutil.Process:
        """The service's process."""
        pid = self.installation.services[service].pid
        assert pid is not None
        return psutil.Process(pid)

    async def query(self, service: str, sql: str, *arguments: object) -> Any:
        """One value from a service's database."""
        connection = await asyncpg.connect(self.database_url(service))
        try:
            return await connection.fetchval(sql, *arguments)
        finally:
            await connection.close()

    async def until(self, service: str, sql: str, *arguments: object) -> float:
        """Wait until a statement says true; returns the moment, on the monotonic clock."""
        connection = await asyncpg.connect(self.database_url(service))

        async def is_so() -> bool:
            return bool(await connection.fetchval(sql, *arguments))

        try:
            await eventually(is_so, seconds_max=SECONDS_MAX)
            return time.perf_counter()
        finally:
            await connection.close()

    async def until_said(self, service: str) -> float:
        """Wait until the outbox is empty."""
        return await self.until(service, "select not exists (select from outbox)")


@asynccontextmanager
async def a_yard(say: Callable[[str], None]) -> AsyncIterator[Yard]:
    """Everything up and ready; nothing of it is left afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="baton-bench-"))
    # The database's user must be able to enter it.
    folder.chmod(0o711)  # noqa: ASYNC240 once, before anything runs
    settings = LaunchSettings(folder, {name: free_port() for name in PORT_SETTINGS})
    installation = Installation(settings, say)
    try:
        await installation.start()
        yield Yard(installation)
    finally:
        installation.stop()
        shutil.rmtree(folder, ignore_errors=True)


def with_name(url: str, name: str) -> str:
    """The same database server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(name)}"))
