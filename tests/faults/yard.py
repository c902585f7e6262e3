"""The installation that is killed: everything on free ports, watched over as `baton up` does it."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from launcher.infrastructure import KAFKA_SETTING, POSTGRES_SETTING
from launcher.installation import SERVICE_NAMES, Installation
from launcher.ports import free_port
from launcher.processes import ChildProcess
from launcher.settings import PORT_SETTINGS, LaunchSettings
from launcher.topology import SERVICES
from support.auditor.evidence import Databases

WATCH_EVERY_SECONDS: Final = 0.1
TARGETS: Final = (*SERVICE_NAMES, "kafka", "postgres")


class Yard:
    """What may be killed, and what starts again after it."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self._is_over = asyncio.Event()

    @property
    def bootstrap(self) -> str:
        """Where Kafka answers."""
        return self.installation.infrastructure.kafka_bootstrap

    @property
    def databases(self) -> Databases:
        """Each service's database, as its own role."""
        urls = [self.installation.environment(spec)["BATON_DATABASE_URL"] for spec in SERVICES]
        return Databases(*urls)

    def process(self, target: str) -> ChildProcess:
        """The process behind a target."""
        infrastructure = self.installation.infrastructure
        match target:
            case "kafka":
                assert infrastructure.kafka is not None
                return infrastructure.kafka.process
            case "postgres":
                assert infrastructure.postgres is not None
                return infrastructure.postgres.process
            case _:
                return self.installation.services[target]

    async def kill(self, target: str) -> None:
        """`kill -9`, and start it again; returns when it answers."""
        await asyncio.to_thread(self.process(target).kill)
        infrastructure = self.installation.infrastructure
        match target:
            case "kafka":
                assert infrastructure.kafka is not None
                await infrastructure.kafka.start()
            case "postgres":
                assert infrastructure.postgres is not None
                await infrastructure.postgres.start()
            case _:
                # The launcher's own watch starts it again.
                await self._until_alive(target)

    async def until_ready(self) -> None:
        """Every service says that it is ready."""
        await self.installation.until_ready()

    async def watch(self) -> None:
        """Start again what died, until the yard is closed."""
        while not self._is_over.is_set():
            self.installation.restart_dead()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_over.wait(), WATCH_EVERY_SECONDS)

    def close(self) -> None:
        """Start nothing again."""
        self._is_over.set()

    async def _until_alive(self, target: str) -> None:
        while not self.installation.services[target].is_alive():
            await asyncio.wait([asyncio.ensure_future(self._is_over.wait())], timeout=0.05)


@asynccontextmanager
async def a_yard(say: Callable[[str], None]) -> AsyncIterator[Yard]:
    """Everything up and watched; nothing of it is left afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="baton-faults-"))
    # The database's user must be able to enter it.
    folder.chmod(0o711)  # noqa: ASYNC240 once, before anything runs
    # What the environment names belongs to somebody: only our own servers are killed.
    named = {one: os.environ.pop(one, None) for one in (KAFKA_SETTING, POSTGRES_SETTING)}
    settings = LaunchSettings(folder, {name: free_port() for name in PORT_SETTINGS})
    yard = Yard(Installation(settings, say))
    try:
        await yard.installation.start()
        watching = asyncio.create_task(yard.watch())
        yield yard
        yard.close()
        await watching
    finally:
        yard.close()
        await asyncio.to_thread(yard.installation.stop)
        os.environ.update({one: value for one, value in named.items() if value is not None})
        shutil.rmtree(folder, ignore_errors=True)
