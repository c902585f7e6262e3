"""An installation of Baton on this machine: everything that `baton up` starts and watches."""

import asyncio
import contextlib
import json
import os
import secrets
import subprocess
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

import httpx

from launcher.errors import CannotStart
from launcher.infrastructure import Infrastructure
from launcher.ports import require_free
from launcher.postgres import ensure_database
from launcher.processes import ChildProcess
from launcher.settings import PORT_SETTINGS, LaunchSettings
from launcher.topology import SERVICES, ServiceSpec, service_environment

READY_SECONDS_MAX: Final = 45.0
LOOK_EVERY_SECONDS: Final = 0.1
RESTART_WAIT_SECONDS_MAX: Final = 10.0
COMMAND_SECONDS_MAX: Final = 90
SERVICE_NAMES: Final = tuple(spec.name for spec in SERVICES)
Say = Callable[[str], None]


@dataclass(slots=True)
class Installation:
    """Kafka, PostgreSQL and the services, on the data of one folder."""

    settings: LaunchSettings
    say: Say
    infrastructure: Infrastructure = field(init=False)
    services: dict[str, ChildProcess] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    _failures: dict[str, int] = field(default_factory=dict)
    _restart_at: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.infrastructure = Infrastructure(
            self.settings.folder, self.settings.infrastructure_ports
        )

    def url(self, service: str) -> str:
        """Where a service answers."""
        return f"http://127.0.0.1:{self.settings.ports[service]}"

    async def start(self) -> None:
        """Start everything; returns when every service is ready. Raises `CannotStart`."""
        for spec in SERVICES:
            require_free(self.settings.ports[spec.name], spec.name, PORT_SETTINGS[spec.name][0])
        self.say("starting PostgreSQL and Kafka")
        await self.infrastructure.start()
        self.say("preparing databases, topics and keys")
        await self._prepare()
        self.say("starting the services")
        for spec in SERVICES:
            self.start_service(spec)
        await self.until_ready()
        self.write_state()

    async def _prepare(self) -> None:
        passwords = self._secrets()
        for spec in SERVICES:
            await ensure_database(
                self.infrastructure.postgres_url, spec.database, passwords[spec.name]
            )
        await asyncio.gather(
            *(asyncio.to_thread(self.run_command, spec, "migrate") for spec in SERVICES),
            asyncio.to_thread(self.run_command, SERVICES[0], "create-topics"),
        )
        await asyncio.gather(*(asyncio.to_thread(self._make_key, spec) for spec in SERVICES))

    def run_command(self, spec: ServiceSpec, *words: str) -> str:
        """Run one of a service's commands; returns what it printed. Raises `CannotStart`."""
        answer = subprocess.run(
            spec.command(*words),
            env=self.environment(spec),
            capture_output=True,
            check=False,
            timeout=COMMAND_SECONDS_MAX,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        if answer.returncode != 0:
            log = self.settings.folder / "logs" / f"{spec.name}-{words[0]}.log"
            log.parent.mkdir(parents=True, exist_ok=True)
            log.write_text(answer.stdout + answer.stderr)
            raise CannotStart(f"`{words[0]}` of {spec.name} failed; the reason stands in {log}.")
        return answer.stdout

    def environment(self, spec: ServiceSpec) -> dict[str, str]:
        """What a service is told."""
        secrets_ = self._secrets()
        return service_environment(
            os.environ,
            database_url=self._database_url(spec, secrets_[spec.name]),
            kafka_bootstrap=self.infrastructure.kafka_bootstrap,
            port=self.settings.ports[spec.name],
            secret=secrets_["secret"],
        )

    def _database_url(self, spec: ServiceSpec, password: str) -> str:
        parts = urlsplit(self.infrastructure.postgres_url)
        host = parts.netloc.rpartition("@")[2]
        location = f"{spec.database}:{quote(password, safe='')}@{host}"
        return urlunsplit(parts._replace(netloc=location, path=f"/{spec.database}"))

    def _secrets(self) -> dict[str, str]:
        return _kept(
            self.settings.folder / "secrets.json",
            lambda: {
                name: secrets.token_urlsafe(32)
                for name in ("secret", *(spec.name for spec in SERVICES))
            },
        )

    def _make_key(self, spec: ServiceSpec) -> None:
        """A development key for each service; kept, since it is shown but once."""
        path = self.settings.folder / "keys" / f"{spec.name}.json"
        scopes = ",".join(spec.scopes)
        kept: dict[str, str] = _kept(
            path,
            lambda: json.loads(
                self.run_command(spec, "create-key", "development", "--scopes", scopes)
            ),
        )
        self.keys[spec.name] = kept["key"]

    def read_keys(self) -> None:
        """The development keys of an installation that runs. Raises `CannotStart`."""
        for spec in SERVICES:
            path = self.settings.folder / "keys" / f"{spec.name}.json"
            if not path.exists():
                raise CannotStart(f"There is no key of {spec.name}: was it started by `baton up`?")
            self.keys[spec.name] = json.loads(path.read_text())["key"]

    def start_service(self, spec: ServiceSpec) -> None:
        """Start one service; it may not be ready yet when this returns."""
        log = self.settings.folder / "logs" / f"{spec.name}.log"
        process = ChildProcess(spec.name, spec.command(), log, environment=self.environment(spec))
        process.start()
        self.services[spec.name] = process

    async def until_ready(self, names: Collection[str] = SERVICE_NAMES) -> None:
        """Returns when each of these services says that it is ready. Raises `CannotStart`."""
        deadline = time.monotonic() + READY_SECONDS_MAX
        async with httpx.AsyncClient(timeout=2) as client:
            for name in names:
                while not await _is_ready(client, self.url(name)):
                    process = self.services[name]
                    if time.monotonic() > deadline or not process.is_alive():
                        raise CannotStart(
                            f"{name} did not become ready; the reason stands at the end of "
                            f"{process.log}."
                        )
                    await asyncio.sleep(LOOK_EVERY_SECONDS)  # noqa: TID251 nothing tells when

    def restart_dead(self) -> list[str]:
        """Start again what has died, not more often than a growing wait allows; says which."""
        restarted = []
        for spec in SERVICES:
            if self.services[spec.name].is_alive():
                continue
            if time.monotonic() < self._restart_at.get(spec.name, 0.0):
                continue
            failures = self._failures[spec.name] = self._failures.get(spec.name, 0) + 1
            wait = min(RESTART_WAIT_SECONDS_MAX, 0.25 * 2.0 ** min(failures, 8))
            self._restart_at[spec.name] = time.monotonic() + wait
            self.start_service(spec)
            restarted.append(spec.name)
        if restarted:
            self.write_state()
        return restarted

    def stop(self) -> None:
        """Stop everything, services first, each within its time."""
        for process in self.services.values():
            process.send_stop()
        for process in self.services.values():
            process.stop()
        self.infrastructure.stop()
        (self.settings.folder / "state.json").unlink(missing_ok=True)

    def write_state(self) -> None:
        """Leave behind what `baton status` and `baton down` look for."""
        servers = (self.infrastructure.kafka, self.infrastructure.postgres)
        pids = {name: process.pid for name, process in self.services.items()}
        pids |= {s.process.name: s.process.pid for s in servers if s is not None}
        state = {
            "launcher": os.getpid(),
            "processes": pids,
            "urls": {spec.name: self.url(spec.name) for spec in SERVICES},
            "kafka": self.infrastructure.kafka_bootstrap,
        }
        _write_private(self.settings.folder / "state.json", json.dumps(state, indent=1))


def _kept(path: Path, make: Callable[[], dict[str, str]]) -> dict[str, str]:
    with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
        kept: dict[str, str] = json.loads(path.read_text())
        return kept
    made = make()
    _write_private(path, json.dumps(made))
    return made


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.with_suffix(".new")
    whole.touch(mode=0o600)
    whole.write_text(text)
    whole.replace(path)


async def _is_ready(client: httpx.AsyncClient, url: str) -> bool:
    try:
        answer = await client.get(f"{url}/readyz")
    except httpx.HTTPError:
        return False
    return answer.status_code == 200
