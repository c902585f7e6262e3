"""What to do with a batch that failed."""

import random  # noqa: TID251 this is the outside that jitter comes from
from dataclasses import dataclass
from enum import Enum
from typing import Final

import asyncpg

from baton.database import OUTAGES
from baton.errors import NotYet, Refused, Unavailable

BACKOFF_FIRST_SECONDS: Final = 0.1
BACKOFF_MAX_SECONDS: Final = 30.0
TRANSIENT: Final = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.InvalidCachedStatementError,
)
"""What another try of the very same batch mends."""


class Verdict(Enum):
    """What happens to a batch that raised."""

    PAUSE = "pause"  # nothing is wrong with it: wait for what is away
    AGAIN = "again"  # try the same once more
    HALVE = "halve"  # somewhere in it is a culprit
    HOLD = "hold"  # alone and out of order: its key waits
    PARK = "park"  # alone and hopeless


@dataclass(frozen=True, slots=True)
class Limits:
    """How often and how long something is tried."""

    attempts_max: int = 3
    parked_in_a_row_max: int = 20
    hold_seconds_max: float = 3600.0


def verdict(error: Exception, *, size: int, attempt: int, limits: Limits) -> Verdict:
    """Judge a failure of a batch of `size` events at its `attempt`-th try (the first is 1)."""
    if isinstance(error, (Unavailable, *OUTAGES)):
        return Verdict.PAUSE
    if isinstance(error, TRANSIENT) and attempt < limits.attempts_max:
        return Verdict.AGAIN
    if size > 1:
        return Verdict.HALVE
    if isinstance(error, NotYet):
        return Verdict.HOLD
    if isinstance(error, Refused):
        return Verdict.PARK
    return Verdict.AGAIN if attempt < limits.attempts_max else Verdict.PARK


def jitter() -> float:
    """A number from 0 to 1, so that those who failed together do not come back together."""
    return random.random()  # noqa: S311 it is no secret


def backoff_seconds(attempt: int, jitter: float) -> float:
    """Exponential back-off with full jitter; `jitter` is a number from 0 to 1 from outside."""
    ceiling = min(BACKOFF_MAX_SECONDS, BACKOFF_FIRST_SECONDS * 2.0 ** min(attempt, 16))
    return float(ceiling * (0.5 + 0.5 * jitter))
