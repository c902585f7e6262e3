"""When something may be taken under a limit of so many a second: the generic cell rate algorithm.

Source: ITU-T I.371, annex A, in its virtual scheduling form. `due` is when the source's next one
would come if all came evenly; a second's worth may come at once.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil

from marketing_intake.domain.contract import Limits


@dataclass(frozen=True, slots=True)
class Turn:
    """It is taken after so many seconds; the source is `due` next at that second."""

    wait_seconds: float
    due: float


@dataclass(frozen=True, slots=True)
class Late:
    """Too many wait already; after so many whole seconds another may."""

    retry_after_seconds: int


def turn_of(limits: Limits, count: int, *, due: float, now: float) -> Turn | Late:
    """When `count` more may be taken together, in seconds of the same clock as `due` and `now`.

    They go when the first of them may, and those behind them wait for them all.
    """
    rate = limits.per_second
    if rate is None:
        return Turn(0.0, due)
    at_once = 1.0 - 1.0 / rate
    wait_seconds = max(0.0, due - at_once - now)
    waiting = wait_seconds * rate
    if waiting > limits.queue_max:
        return Late(max(1, ceil((waiting - limits.queue_max) / rate)))
    return Turn(wait_seconds, max(due, now) + count / rate)


def day_of(now: datetime) -> date:
    """The day of UTC whose limit holds."""
    return now.astimezone(UTC).date()


def next_day(now: datetime) -> datetime:
    """When the next day of UTC begins."""
    return datetime.combine(day_of(now) + timedelta(days=1), time(), UTC)


def portion(per_day: int, count: int) -> int:
    """How much of a day one process claims at a time: few round trips, and little lost with it."""
    return max(count, per_day // 100, 1)
