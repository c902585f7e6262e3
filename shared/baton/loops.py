"""Loops that a service keeps running: begun again after a failure, ended together, watched."""

import asyncio
import os
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from baton.database import OUTAGES
from baton.errors import Unavailable
from baton.messaging.listening import NoProgress
from baton.messaging.metrics import MessagingMetrics
from baton.messaging.retries import backoff_seconds, jitter
from baton.timers import pause

HEALTHY_SECONDS: Final = 30.0
"""A loop that ran so long before it failed begins again at once."""
FROZEN_SECONDS_MAX: Final = 60.0
"""So long may the event loop be deaf before the watchdog ends the process."""
EXIT_NO_PROGRESS: Final = 70
EXIT_FROZEN: Final = 71
STOP_SECONDS_MAX: Final = 4.0

Loop = Callable[[asyncio.Event], Awaitable[None]]
log = structlog.get_logger()


@dataclass(slots=True)
class Loops:
    """The running loops of one service."""

    metrics: MessagingMetrics
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self, name: str, loop: Loop) -> None:
        """Run a loop until the service stops."""
        self._tasks.append(asyncio.create_task(self._keep_running(name, loop), name=name))

    async def end(self) -> None:
        """Tell all loops to stop, and wait a bounded time for what they have in hand."""
        self.stop.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_SECONDS_MAX)
            for task in late:
                log.warning("loop_cancelled", loop=task.get_name())
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _keep_running(self, name: str, loop: Loop) -> None:
        failures = 0
        while not self.stop.is_set():
            began = time.monotonic()
            try:
                await loop(self.stop)
            except NoProgress as error:
                log.critical("no_progress", loop=name, reason=str(error))
                os._exit(EXIT_NO_PROGRESS)
            except (Unavailable, *OUTAGES) as outage:
                log.warning("loop_waits", loop=name, reason=_reason(outage))
            except Exception:  # a bug in one loop must not end the others; it is counted and shown
                log.exception("loop_failed", loop=name)
            else:
                continue
            failures = 0 if time.monotonic() - began > HEALTHY_SECONDS else failures + 1
            self.metrics.loop_restarts.labels(name).inc()
            await pause(self.stop, backoff_seconds(failures, jitter()))


class Watchdog:
    """A thread that ends the process when the event loop is deaf: a zombie helps nobody."""

    def __init__(self) -> None:
        self._beat = time.monotonic()
        self._is_over = threading.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Beat from inside the event loop."""
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()
        while not stop.is_set():
            self._beat = time.monotonic()
            await pause(stop, 1.0)
        self._is_over.set()

    def _watch(self) -> None:
        while not self._is_over.wait(1.0):
            if time.monotonic() - self._beat > FROZEN_SECONDS_MAX:
                os._exit(EXIT_FROZEN)


def _reason(outage: BaseException) -> str:
    return outage.message if isinstance(outage, Unavailable) else type(outage).__name__
