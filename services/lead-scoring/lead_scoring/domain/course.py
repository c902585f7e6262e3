"""The course of a group's points: what they are at any moment while nothing else is heard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp2
from typing import Final

from baton.contracts.vocabulary import ActivityKind
from lead_scoring.domain.conditions import all_hold
from lead_scoring.domain.facts import ActivityFact, History, LeadFact, Profile
from lead_scoring.domain.policy import (
    Bounds,
    CompanyRule,
    CountRule,
    Group,
    Policy,
    ProfileRule,
    Rule,
    bound_id,
)

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Factor:
    """What one rule contributes, or what a bound takes away.

    `times` is how often it counts; `full` what it would contribute if nothing had faded, where
    something has: each of the `times` counts its rule's points * 2^(-age / half-life).
    """

    rule: str
    points: float
    times: int = 1
    full: float | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A group's points at any moment, as long as nothing else is heard of the person.

    Each rule that matters comes with when what it counts happened, or None if it just holds.
    """

    group: Group
    bounds: Bounds
    rules: tuple[tuple[Rule, Sequence[datetime] | None], ...]

    def factors_at(self, moment: datetime) -> tuple[float, list[Factor]]:
        """The points at a moment within the group's bounds, and what they are made of."""
        factors = self.unbounded_at(moment)
        return _bounded(factors, self.group, self.bounds), factors

    def points_at(self, moment: datetime) -> float:
        """The same points, without saying what they are made of."""
        raw = [
            _points(rule, counting(rule, times or (), moment), self.bounds, moment)
            if isinstance(rule, CountRule)
            else rule.points
            for rule, times in self.rules
        ]
        return float(self.bounds.clamp(sum(raw)))

    def unbounded_at(self, moment: datetime) -> list[Factor]:
        """What each rule contributes at a moment, whatever the group's bounds are."""
        factors: list[Factor] = []
        for rule, times in self.rules:
            if times is None:
                factors.append(Factor(rule.id, rule.points))
            elif isinstance(rule, CountRule):
                counted = counting(rule, times, moment)
                if counted:
                    factors.append(_counted(rule, counted, self.bounds, moment))
        return factors


def courses_of(history: History, profile: Profile, policy: Policy) -> tuple[Course, Course]:
    """The courses of fit and of engagement."""
    known = _Known(history, profile, _by_kind(history))
    return (
        _course(Group.FIT, policy.fit, policy.fit_rules, known),
        _course(Group.ENGAGEMENT, policy.engagement, policy.engagement_rules, known),
    )


def facts_of(rule: CountRule, history: History) -> Sequence[LeadFact | ActivityFact]:
    """What the rule counts, in order, whatever its frame says."""
    return _Known(history, Profile({}, frozenset()), _by_kind(history)).facts_of(rule)


def counting(rule: CountRule, times: Sequence[datetime], moment: datetime) -> Sequence[datetime]:
    """Those that give points at a moment."""
    inside = [one for one in times if rule.frame.holds(one, moment)]
    return inside[of_those(rule, len(inside))]


def of_those(rule: CountRule, count: int) -> slice:
    """Which of so many within the frame give points."""
    if count < rule.at_least or (rule.at_most is not None and count > rule.at_most):
        return slice(0)
    return slice(max(rule.first - 1, count - rule.times_max), None)


def fading(happened_at: datetime, moment: datetime, half_life_days: float) -> float:
    """What is left of 1 at a moment: 2^(-age / half-life)."""
    return exp2(-((moment - happened_at) / DAY) / half_life_days)


@dataclass(frozen=True, slots=True)
class _Known:
    """A history taken apart once for all rules."""

    history: History
    profile: Profile
    by_kind: Mapping[ActivityKind, Sequence[ActivityFact]]

    def facts_of(self, rule: CountRule) -> Sequence[LeadFact | ActivityFact]:
        """What the rule counts, in order, whatever its frame says."""
        counted: Sequence[LeadFact | ActivityFact]
        if rule.kinds is None:
            counted = self.history.leads
        else:
            kinds = [self.by_kind[kind] for kind in rule.kinds if kind in self.by_kind]
            if len(kinds) < 2:
                counted = kinds[0] if kinds else ()
            else:
                counted = [one for one in self.history.activities if one.kind in rule.kinds]
        if not rule.when:
            return counted
        return [one for one in counted if all_hold(rule.when, one.profile)]


def _by_kind(history: History) -> Mapping[ActivityKind, Sequence[ActivityFact]]:
    found: dict[ActivityKind, list[ActivityFact]] = {}
    for one in history.activities:
        found.setdefault(one.kind, []).append(one)
    return found


def _course(group: Group, bounds: Bounds, rules: tuple[Rule, ...], known: _Known) -> Course:
    found: list[tuple[Rule, Sequence[datetime] | None]] = []
    for rule in rules:
        match rule:
            case ProfileRule():
                if all_hold(rule.when, known.profile):
                    found.append((rule, None))
            case CountRule():
                times = [one.happened_at for one in known.facts_of(rule)]
                if len(times) >= rule.at_least:
                    found.append((rule, times))
            case CompanyRule():
                value = known.history.roll_ups.get(rule.id)
                if value is not None and rule.at_least <= value <= rule.at_most:
                    found.append((rule, None))
    return Course(group, bounds, tuple(found))


def _counted(
    rule: CountRule, counted: Sequence[datetime], bounds: Bounds, moment: datetime
) -> Factor:
    times = len(counted)
    points = _points(rule, counted, bounds, moment)
    return Factor(
        rule.id, points, times, None if bounds.half_life_days is None else rule.points * times
    )


def _points(
    rule: CountRule, counted: Sequence[datetime], bounds: Bounds, moment: datetime
) -> float:
    half_life_days = bounds.half_life_days
    if half_life_days is None:
        return rule.points * len(counted)
    return rule.points * sum([fading(one, moment, half_life_days) for one in counted])


def _bounded(factors: list[Factor], group: Group, bounds: Bounds) -> float:
    """The sum of a group within its bounds; what a bound takes away is added as a factor."""
    raw = sum(factor.points for factor in factors)
    points = bounds.clamp(raw)
    if points != raw:
        factors.append(Factor(bound_id(group), points - raw))
    return float(points)
