"""The score of a person at a moment: what each rule of a policy makes of what is known of them.

Everything that is read is in the arguments, so the same score comes out whoever asks, and when.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp2
from typing import Final, Protocol

from lead_scoring.domain.conditions import all_hold
from lead_scoring.domain.facts import (
    ActivityFact,
    History,
    LeadFact,
    PersonFact,
    Profile,
    Value,
    history_of,
    profile_of,
    until,
)
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
class Odds:
    """A probability, and the log-odds that it is the sum of: a base, and what each trait adds."""

    probability: float
    base: float
    contributions: tuple[tuple[str, float], ...]
    model_version: int


class Prediction(Protocol):
    """What a model says of somebody; base and contributions are log-odds that sum to it."""

    @property
    def probability(self) -> float:
        """That sales wins them."""
        ...

    @property
    def base(self) -> float:
        """What is said of anybody."""
        ...

    @property
    def contributions(self) -> Mapping[str, float]:
        """What each trait adds."""
        ...


class Model(Protocol):
    """What a probability is read from: a pure function of traits."""

    @property
    def version(self) -> int:
        """Which one it is."""
        ...

    def predict(self, traits: Mapping[str, Value]) -> Prediction:
        """What it says of somebody with these traits."""
        ...


@dataclass(frozen=True, slots=True)
class Score:
    """Fit and engagement, kept apart; the factors add up to both together."""

    fit: float
    engagement: float
    factors: tuple[Factor, ...]
    band: str | None = None
    odds: Odds | None = None

    @property
    def points(self) -> float:
        """What is compared with the line."""
        return self.fit + self.engagement

    @property
    def probability(self) -> float | None:
        """That sales wins them, if a model says anything about it."""
        return None if self.odds is None else self.odds.probability


NOTHING: Final = Score(0.0, 0.0, ())


def score(facts: Iterable[PersonFact], policy: Policy) -> Score:
    """The score that these facts give when the newest of them has just happened."""
    history = history_of(facts)
    return score_at(history, policy, None, history.newest_at) if history else NOTHING


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


def score_at(history: History, policy: Policy, model: Model | None, moment: datetime) -> Score:
    """The score at a moment; what happened after it does not count."""
    history = until(history, moment)
    if not history:
        return NOTHING
    profile = profile_of(history)
    of_fit, of_engagement = courses_of(history, profile, policy)
    fit, factors = of_fit.factors_at(moment)
    engagement, more = of_engagement.factors_at(moment)
    return Score(
        fit,
        engagement,
        (*factors, *more),
        None if policy.bands is None else policy.bands.band_of(fit, engagement),
        None if model is None else odds_of(model, profile),
    )


def courses_of(history: History, profile: Profile, policy: Policy) -> tuple[Course, Course]:
    """The courses of fit and of engagement."""
    return (
        _course(Group.FIT, policy.fit, policy.fit_rules, (history, profile)),
        _course(Group.ENGAGEMENT, policy.engagement, policy.engagement_rules, (history, profile)),
    )


def odds_of(model: Model, profile: Profile) -> Odds:
    """What a model says of somebody, as it is kept."""
    said = model.predict(profile.attributes)
    return Odds(said.probability, said.base, tuple(said.contributions.items()), model.version)


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


def _course(
    group: Group, bounds: Bounds, rules: tuple[Rule, ...], known: tuple[History, Profile]
) -> Course:
    history, profile = known
    found: list[tuple[Rule, Sequence[datetime] | None]] = []
    for rule in rules:
        match rule:
            case ProfileRule():
                if all_hold(rule.when, profile):
                    found.append((rule, None))
            case CountRule():
                times = [one.happened_at for one in facts_of(rule, history)]
                if len(times) >= rule.at_least:
                    found.append((rule, times))
            case CompanyRule():
                value = history.roll_ups.get(rule.id)
                if value is not None and rule.at_least <= value <= rule.at_most:
                    found.append((rule, None))
    return Course(group, bounds, tuple(found))


def facts_of(rule: CountRule, history: History) -> list[LeadFact | ActivityFact]:
    """What the rule counts, in order, whatever its frame says."""
    kinds = rule.kinds
    if kinds is None:
        return [one for one in history.leads if all_hold(rule.when, one.profile)]
    done = (one for one in history.activities if one.kind in kinds)
    return [one for one in done if all_hold(rule.when, one.profile)]


def _counted(
    rule: CountRule, counted: Sequence[datetime], bounds: Bounds, moment: datetime
) -> Factor:
    times = len(counted)
    if bounds.half_life_days is None:
        return Factor(rule.id, rule.points * times, times)
    left = sum(fading(one, moment, bounds.half_life_days) for one in counted)
    return Factor(rule.id, rule.points * left, times, rule.points * times)


def _bounded(factors: list[Factor], group: Group, bounds: Bounds) -> float:
    """The sum of a group within its bounds; what a bound takes away is added as a factor."""
    raw = sum(factor.points for factor in factors)
    points = bounds.clamp(raw)
    if points != raw:
        factors.append(Factor(bound_id(group), points - raw))
    return float(points)
