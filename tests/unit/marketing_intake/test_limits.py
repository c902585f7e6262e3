"""The limits of a source: a turn for what comes too fast, an end to what is too much."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.clock import HandClock
from baton.contracts.vocabulary import Channel, SourceKind
from baton.errors import TooMany
from marketing_intake.api.limiter import Limiter
from marketing_intake.domain.contract import Limits
from marketing_intake.domain.limiting import Late, Turn, portion, turn_of
from marketing_intake.domain.source import Source
from support.facts import NOON

SOURCE = Source("s", "shop", SourceKind.API, Channel.UNKNOWN, is_active=True)


@dataclass
class Desk:
    """A limiter whose waits move its clock, and a day that others may have spent of."""

    clock: HandClock = field(default_factory=lambda: HandClock(NOON))
    spent: int = 0
    claims: int = 0

    def limiter(self) -> Limiter:
        """The limiter of one process."""
        return Limiter(self.clock, self.claim, self.waiting())

    async def claim(self, _source: str, _day: date, wanted: int, *, per_day: int) -> int:
        """As the database does it."""
        self.claims += 1
        claimed = max(0, min(wanted, per_day - self.spent))
        self.spent += claimed
        return claimed

    def waiting(self) -> Callable[[float], Awaitable[object]]:
        """A wait that takes no time of ours."""

        async def wait(seconds: float) -> None:
            self.clock.advance(seconds=seconds)

        return wait


async def test_a_seconds_worth_comes_at_once_and_no_more() -> None:
    limiter, limits = Desk().limiter(), Limits(per_second=3)
    for _ in range(3):
        await limiter.admit(SOURCE, limits, 1)

    with pytest.raises(TooMany) as late:
        await limiter.admit(SOURCE, limits, 1)

    assert late.value.retry_after_seconds == 1
    assert late.value.headers == {
        "ratelimit-policy": '"second";q=3;w=1', "ratelimit": '"second";r=0;t=1',
    }  # fmt: skip


async def test_after_the_time_that_was_named_there_is_room() -> None:
    desk = Desk()
    limiter, limits = desk.limiter(), Limits(per_second=2)
    await limiter.admit(SOURCE, limits, 2)
    with pytest.raises(TooMany) as late:
        await limiter.admit(SOURCE, limits, 1)

    desk.clock.advance(seconds=late.value.retry_after_seconds)

    await limiter.admit(SOURCE, limits, 2)


async def test_who_comes_too_fast_waits_their_turn() -> None:
    desk = Desk()
    limiter, limits = desk.limiter(), Limits(per_second=2, queue_max=4)

    for _ in range(6):
        await limiter.admit(SOURCE, limits, 1)

    assert (desk.clock.now() - NOON).total_seconds() == pytest.approx(2.0)


async def test_another_source_does_not_wait() -> None:
    desk = Desk()
    limiter, limits = desk.limiter(), Limits(per_second=1)
    await limiter.admit(SOURCE, limits, 1)

    other = Source("o", "other", SourceKind.API, Channel.UNKNOWN, is_active=True)
    await limiter.admit(other, limits, 1)

    assert desk.clock.now() == NOON


async def test_a_batch_goes_together_and_those_behind_it_wait() -> None:
    limiter, limits = Desk().limiter(), Limits(per_second=10)

    await limiter.admit(SOURCE, limits, 1000)

    with pytest.raises(TooMany) as late:
        await limiter.admit(SOURCE, limits, 1)
    assert late.value.retry_after_seconds == 100


async def test_a_day_holds_over_all_processes() -> None:
    desk = Desk()
    first, second, limits = desk.limiter(), desk.limiter(), Limits(per_day=10)
    for _ in range(5):
        await first.admit(SOURCE, limits, 1)
        await second.admit(SOURCE, limits, 1)

    for limiter in (first, second):
        with pytest.raises(TooMany) as late:
            await limiter.admit(SOURCE, limits, 1)
        assert late.value.retry_after_seconds == 12 * 3600 + 1
        assert late.value.policy == "day"


async def test_a_large_days_limit_costs_few_round_trips() -> None:
    desk = Desk()
    limiter, limits = desk.limiter(), Limits(per_day=10_000)

    for _ in range(1000):
        await limiter.admit(SOURCE, limits, 1)

    assert desk.claims == 10


async def test_the_next_day_begins_at_midnight_of_utc() -> None:
    desk = Desk(spent=10)
    limiter, limits = desk.limiter(), Limits(per_day=10)
    with pytest.raises(TooMany) as late:
        await limiter.admit(SOURCE, limits, 1)
    desk.spent = 0

    desk.clock.advance(seconds=late.value.retry_after_seconds)

    await limiter.admit(SOURCE, limits, 1)


async def test_what_is_turned_away_for_speed_is_not_counted_to_the_day() -> None:
    desk = Desk()
    limiter, limits = desk.limiter(), Limits(per_second=1, per_day=2)
    await limiter.admit(SOURCE, limits, 1)
    with pytest.raises(TooMany, match="a second"):
        await limiter.admit(SOURCE, limits, 1)

    desk.clock.advance(seconds=1)

    await limiter.admit(SOURCE, limits, 1)
    assert desk.spent == 2


@given(st.integers(1, 50), st.integers(0, 100), st.lists(st.floats(0, 3), min_size=1, max_size=100))
def test_never_more_than_two_seconds_worth_begin_in_a_second(
    rate: int, queue_max: int, pauses: list[float]
) -> None:
    limits, now, due = Limits(per_second=rate, queue_max=queue_max), 0.0, 0.0
    begun: list[float] = []
    for pause in pauses:
        now += pause / rate
        turn = turn_of(limits, 1, due=due, now=now)
        if isinstance(turn, Turn):
            due = turn.due
            begun.append(now + turn.wait_seconds)
            assert turn.wait_seconds <= queue_max / rate + 1e-9
        else:
            again = turn_of(limits, 1, due=due, now=now + turn.retry_after_seconds)
            assert isinstance(again, Turn)

    for start in begun:
        assert sum(1 for one in begun if start <= one < start + 1) <= 2 * rate


def test_without_a_rate_nobody_waits() -> None:
    assert turn_of(Limits(per_day=1), 5, due=7.0, now=0.0) == Turn(0.0, 7.0)
    assert isinstance(turn_of(Limits(per_second=1), 1, due=9.0, now=0.0), Late)


@pytest.mark.parametrize(("per_day", "count", "expected"), [(10, 1, 1), (10_000, 1, 100),
                                                            (10_000, 500, 500)])  # fmt: skip
def test_a_portion_is_a_hundredth_of_a_day(per_day: int, count: int, expected: int) -> None:
    assert portion(per_day, count) == expected
