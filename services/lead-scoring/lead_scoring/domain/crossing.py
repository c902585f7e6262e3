"""When time alone moves somebody: exactly, by what their points do while nothing happens.

Between the known moments at which something leaves or enters a rule's time frame, a group's points
are a constant and a part that halves again and again, so they only rise or only fall up to their
bounds. The two groups together turn at most once, at a moment that has a formula. So what lies
between is cut where something turns, and in each stretch a change is found by halving it down to
the microsecond, with the same arithmetic as the score itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import log2
from typing import Final

from lead_scoring.domain.course import DAY, Course, courses_of
from lead_scoring.domain.facts import History, profile_of, until
from lead_scoring.domain.policy import CountRule, Line, Policy, Rule
from lead_scoring.domain.scoring import Score

HALVINGS_MAX: Final = 100
"""After so many half-lives nothing is left that a threshold could tell from nothing."""
NEARBY: Final = timedelta(milliseconds=1)
MICROSECOND: Final = timedelta(microseconds=1)
LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody's band, if there are bands, and whether they have the points of their line."""

    band: str | None
    has_points: bool


@dataclass(frozen=True, slots=True)
class _Outlook:
    """What decides where somebody stands while nothing happens."""

    fit: Course
    engagement: Course
    policy: Policy
    line: Line

    def standing_at(self, moment: datetime) -> Standing:
        fit, engagement = self.fit.points_at(moment), self.engagement.points_at(moment)
        return _standing(fit, engagement, self.policy, self.line)


def standing_of(score: Score, history: History, policy: Policy) -> Standing:
    """Where a score puts somebody."""
    line = policy.line_for(profile_of(history))
    return _standing(score.fit, score.engagement, policy, line)


def next_crossing(history: History, policy: Policy, moment: datetime) -> datetime | None:
    """The first moment after this one at which time alone changes band or side of the line.

    What is known to happen later does not count: it is as if nothing more were ever heard.
    """
    if not moves_with_time(policy):
        return None
    history = until(history, moment)
    if not history:
        return None
    profile = profile_of(history)
    fit, engagement = courses_of(history, profile, policy)
    outlook = _Outlook(fit, engagement, policy, policy.line_for(profile))
    now = outlook.standing_at(moment)
    for start, end in _stretches(outlook, moment):
        if outlook.standing_at(start) != now:
            return start
        if outlook.standing_at(end) != now:
            return _first_change(outlook, start, end)
    return None


def moves_with_time(policy: Policy) -> bool:
    """Whether anybody's points can change while nothing happens."""
    return any(moves(rule, policy) for rule in policy.rules)


def moves(rule: Rule, policy: Policy) -> bool:
    """Whether what the rule gives can change while nothing happens."""
    if not isinstance(rule, CountRule):
        return False
    bounds = policy.fit if rule in policy.fit_rules else policy.engagement
    has_frame = rule.frame.within is not None or bool(rule.frame.before)
    return has_frame or bounds.half_life_days is not None


def _standing(fit: float, engagement: float, policy: Policy, line: Line) -> Standing:
    bands = policy.bands
    return Standing(
        None if bands is None else bands.band_of(fit, engagement),
        line.points is None or fit + engagement >= line.points,
    )


def _first_change(outlook: _Outlook, start: datetime, end: datetime) -> datetime:
    """The first moment of a change in a stretch whose ends differ.

    Each group and their sum only rise or only fall in it, so what has changed does not change
    back, and halving finds it. A formula says about where to look first.
    """
    before = outlook.standing_at(start)
    for guess in _guesses(outlook, start):
        low, high = max(start, guess - NEARBY), min(end, guess + NEARBY)
        if low < high and outlook.standing_at(low) == before != outlook.standing_at(high):
            start, end = low, high
            break
    while end - start > MICROSECOND:
        middle = start + (end - start) // 2
        if outlook.standing_at(middle) == before:
            start = middle
        else:
            end = middle
    return end


def _guesses(outlook: _Outlook, start: datetime) -> Iterator[datetime]:
    """When a group alone meets a band, or the line if the other group stays as it is."""
    fit, engagement = outlook.fit.points_at(start), outlook.engagement.points_at(start)
    for course, other, bands in (
        (outlook.fit, engagement, _of_fit(outlook.policy)),
        (outlook.engagement, fit, _of_engagement(outlook.policy)),
    ):
        steady, fading = _parts(course, start)
        line = () if outlook.line.points is None else (outlook.line.points - other,)
        for days in sorted(_days_to(course, steady, fading, (*bands, *line))):
            if days < (LATEST - start) / DAY:
                yield start + DAY * days


def _of_fit(policy: Policy) -> tuple[float, ...]:
    return () if policy.bands is None else (policy.bands.a, policy.bands.b)


def _of_engagement(policy: Policy) -> tuple[float, ...]:
    return () if policy.bands is None else (policy.bands.first, policy.bands.second)


def _stretches(outlook: _Outlook, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From the moment on; both ends of a stretch belong to it, and the next begins right after."""
    known = sorted({moment, *_frame_ends(outlook, moment)})
    for start, end in pairwise([*known, _horizon(outlook, known[-1])]):
        last = max(start, end - MICROSECOND)
        inner = sorted(one for one in _turns(outlook, start) if start < one < last)
        yield from pairwise([start, *inner, last])


def _frame_ends(outlook: _Outlook, moment: datetime) -> Iterator[datetime]:
    for rule, times in (*outlook.fit.rules, *outlook.engagement.rules):
        if not isinstance(rule, CountRule) or times is None:
            continue
        for one in times:
            if one + rule.frame.before > moment:
                yield one + rule.frame.before
            if rule.frame.within is not None and one + rule.frame.within > moment:
                yield one + rule.frame.within


def _horizon(outlook: _Outlook, start: datetime) -> datetime:
    days = max(
        outlook.fit.bounds.half_life_days or 0.0, outlook.engagement.bounds.half_life_days or 0.0
    )
    return max(start, min(start + DAY * (days * HALVINGS_MAX), LATEST))


def _turns(outlook: _Outlook, start: datetime) -> Iterator[datetime]:
    """Where a group meets a bound, and where the sum of both stops rising or falling."""
    parts = [_parts(course, start) for course in (outlook.fit, outlook.engagement)]
    days = [
        day
        for course, (steady, fading) in zip((outlook.fit, outlook.engagement), parts, strict=True)
        for day in _days_to(course, steady, fading, (course.bounds.minimum, course.bounds.maximum))
    ]
    days += _days_to_turn(
        (parts[0][1], outlook.fit.bounds.half_life_days),
        (parts[1][1], outlook.engagement.bounds.half_life_days),
    )
    for one in days:
        if 0 < one < (LATEST - start) / DAY:
            yield start + DAY * one


def _parts(course: Course, moment: datetime) -> tuple[float, float]:
    """The points that stay and those that fade, before bounds."""
    factors = course.unbounded_at(moment)
    steady = sum(one.points for one in factors if one.full is None)
    return steady, sum(one.points for one in factors if one.full is not None)


def _days_to(
    course: Course, steady: float, fading: float, thresholds: tuple[float, ...]
) -> Iterator[float]:
    """Steady + fading * 2^(-t / half-life) = threshold."""
    half_life = course.bounds.half_life_days
    if half_life is None or not fading:
        return
    for threshold in thresholds:
        ratio = (threshold - steady) / fading
        if 0 < ratio < 1:
            yield -half_life * log2(ratio)


def _days_to_turn(
    one: tuple[float, float | None], other: tuple[float, float | None]
) -> Iterator[float]:
    """The derivative of a * 2^(-t / g) + b * 2^(-t / h) is 0."""
    (a, g), (b, h) = one, other
    if g is None or h is None or g == h or not a or not b or a * b > 0:
        return
    yield log2(-(b * g) / (a * h)) / (1 / h - 1 / g)
