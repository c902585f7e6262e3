"""Child processes: started with a log file, ended with the launcher, stopped by their group."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

PR_SET_PDEATHSIG: Final = 1
STOP_SECONDS_MAX: Final = 12.0
LOOK_EVERY_SECONDS: Final = 0.02
LOG_TAIL_BYTES: Final = 4000


@dataclass(slots=True)
class ChildProcess:
    """One process and everything that it starts, as a group."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] | None = None
    folder: Path | None = None
    user_id: int | None = None
    _process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Start it; its output goes to the log file."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if self.environment is None else dict(self.environment),
                cwd=self.folder,
                user=self.user_id,
                extra_groups=None if self.user_id is None else [],
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 nothing else runs in threads here
            )

    @property
    def pid(self) -> int | None:
        """Its process id, once it was started."""
        return None if self._process is None else self._process.pid

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""
        return None if self._process is None else self._process.poll()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process itself."""
        if self._process is not None and self.is_alive():
            self._process.send_signal(number)

    def send_stop(self) -> None:
        """Ask it to end, and wait for nothing."""
        self.send(signal.SIGTERM)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end, wait a bounded time, then end the whole group."""
        self.send(how)
        deadline = time.monotonic() + STOP_SECONDS_MAX
        while self.is_alive() and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY_SECONDS)
        self.kill()

    def kill(self) -> None:
        """`kill -9` to the group, and wait until it is gone."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def last_words(self) -> str:
        """The end of its log."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - LOG_TAIL_BYTES))
            return log.read().decode(errors="replace")


def _die_with_parent() -> None:
    """So that a launcher that is killed -9 leaves nothing behind (Linux; elsewhere a no-op)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
