"""A circuit breaker: whoever is not well is left alone for a while, longer each time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FAILURES_MAX: Final = 5
ALONE_SECONDS: Final = 30.0
ALONE_SECONDS_MAX: Final = 900.0


@dataclass(frozen=True, slots=True)
class Breaker:
    """How often somebody has failed in a row, and until when nobody asks."""

    failures: int = 0
    open_until: datetime | None = None

    def seconds_left(self, now: datetime) -> float:
        """For how long nobody is to ask; 0 when somebody may."""
        if self.open_until is None:
            return 0.0
        return max(0.0, (self.open_until - now).total_seconds())

    def failed(self, now: datetime) -> "Breaker":
        """After one more failure; each beyond the fifth doubles the time, up to 15 minutes."""
        failures = self.failures + 1
        beyond = failures - FAILURES_MAX
        if beyond < 0:
            return Breaker(failures)
        seconds = min(ALONE_SECONDS_MAX, ALONE_SECONDS * 2.0 ** min(beyond, 10))
        return Breaker(failures, now + timedelta(seconds=seconds))

    def left_alone(self, now: datetime, seconds: float) -> "Breaker":
        """After being asked for patience."""
        return Breaker(self.failures, now + timedelta(seconds=seconds))


CLOSED: Final = Breaker()
"""After a success, and at first."""
