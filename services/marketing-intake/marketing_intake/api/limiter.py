"""The limits of sources: a turn for what comes too fast, 429 for what is too much.

Turns are given by each process for itself: with N replicas a source may come N times as fast. The
day's limit holds over all of them: each claims portions of it in the database and spends those.
"""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Final, Protocol

from baton.clock import Clock
from baton.errors import TooMany
from marketing_intake import metrics
from marketing_intake.domain.contract import Limits
from marketing_intake.domain.limiting import Late, day_of, next_day, portion, turn_of
from marketing_intake.domain.source import Source

SOURCES_MAX: Final = 10_000
SECOND, DAY = "second", "day"


class Claim(Protocol):
    """Claims a portion of a source's day; returns how much there was left to claim."""

    def __call__(
        self, source_id: str, day: date, wanted: int, /, *, per_day: int
    ) -> Awaitable[int]:
        """Claim it. Raises `Unavailable`."""
        ...


class Limiter:
    """Lets a source's leads pass, wait, or come again later."""

    def __init__(
        self, clock: Clock, claim: Claim, wait: Callable[[float], Awaitable[object]]
    ) -> None:
        self._clock = clock
        self._claim = claim
        self._wait = wait
        self._due: dict[str, float] = {}
        self._left: dict[str, tuple[date, int]] = {}

    async def admit(self, source: Source, limits: Limits, count: int) -> None:
        """Return when so many may be taken. Raises `TooMany`, and `Unavailable` for the day's."""
        now = self._clock.now()
        if limits.per_day is not None:
            await self._spend(source.id, limits.per_day, count, now)
        turn = turn_of(limits, count, due=self._due.get(source.id, 0.0), now=now.timestamp())
        if isinstance(turn, Late):
            self._give_back(source.id, count)
            raise self._too_many(limits, SECOND, turn.retry_after_seconds)
        if len(self._due) >= SOURCES_MAX:
            self._due.clear()
        self._due[source.id] = turn.due
        if turn.wait_seconds > 0:
            metrics.WAITED.observe(turn.wait_seconds)
            await self._wait(turn.wait_seconds)

    async def _spend(self, source_id: str, per_day: int, count: int, now: datetime) -> None:
        today = day_of(now)
        left = self._left_on(source_id, today)
        if left < count:
            wanted = portion(per_day, count - left)
            claimed = await self._claim(source_id, today, wanted, per_day=per_day)
            # Others may have claimed and spent meanwhile.
            left = self._left_on(source_id, today) + claimed
            self._left[source_id] = (today, left)
        if left < count:
            seconds = int((next_day(now) - now).total_seconds()) + 1
            raise self._too_many(Limits(per_day=per_day), DAY, seconds)
        self._left[source_id] = (today, left - count)

    def _left_on(self, source_id: str, today: date) -> int:
        day, left = self._left.get(source_id, (today, 0))
        return left if day == today else 0

    def _give_back(self, source_id: str, count: int) -> None:
        if source_id in self._left:
            day, left = self._left[source_id]
            self._left[source_id] = (day, left + count)

    def _too_many(self, limits: Limits, policy: str, seconds: int) -> TooMany:
        metrics.TURNED_AWAY.labels("over_limit").inc()
        quota = limits.per_second if policy == SECOND else limits.per_day
        window = 1 if policy == SECOND else 86_400
        return TooMany(
            f"this source may send {quota} a {policy}",
            policy=policy,
            retry_after_seconds=seconds,
            headers={
                "ratelimit-policy": f'"{policy}";q={quota};w={window}',
                "ratelimit": f'"{policy}";r=0;t={seconds}',
            },
        )
