"""Time, handed in: the system's clock in production, one moved by hand in tests."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What tells the time; always aware and in UTC."""

    def now(self) -> datetime:
        """The present moment."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment of this machine."""
        return datetime.now(UTC)


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The moment to which the clock was moved last."""
        return self._now

    def advance(self, *, seconds: float) -> None:
        """Move the clock forward."""
        self._now += timedelta(seconds=seconds)
