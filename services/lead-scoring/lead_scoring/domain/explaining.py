"""A score taken apart: which facts give each factor its points, and the arithmetic of fading."""

from dataclasses import dataclass
from datetime import datetime

from lead_scoring.domain.course import DAY, Factor, facts_of, fading, of_those
from lead_scoring.domain.facts import History, until
from lead_scoring.domain.policy import Bounds, CountRule, Group, Policy
from lead_scoring.domain.scoring import Score


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One fact that a rule counted: its event, how old it was, and what was left of 1."""

    event_id: str
    happened_at: datetime
    age_days: float
    left: float


@dataclass(frozen=True, slots=True)
class Explained:
    """A factor of a score; it is `each` times the sum of what is left of its occurrences.

    A factor that just holds, or a bound, has no occurrences. `value` is the roll-up that a rule
    about the company read.
    """

    factor: Factor
    group: Group
    each: float
    half_life_days: float | None = None
    occurrences: tuple[Occurrence, ...] = ()
    value: float | None = None


def explain(
    score: Score, history: History, policy: Policy, moment: datetime
) -> tuple[Explained, ...]:
    """Each factor of a score that this history had at a moment."""
    known = until(history, moment)
    return tuple(_explained(factor, known, policy, moment) for factor in score.factors)


def _explained(factor: Factor, history: History, policy: Policy, moment: datetime) -> Explained:
    for group, bounds, rules in (
        (Group.FIT, policy.fit, policy.fit_rules),
        (Group.ENGAGEMENT, policy.engagement, policy.engagement_rules),
    ):
        for rule in rules:
            if rule.id == factor.rule and isinstance(rule, CountRule):
                found = _occurrences(rule, history, bounds, moment)
                return Explained(factor, group, rule.points, bounds.half_life_days, found)
            if rule.id == factor.rule:
                value = history.roll_ups.get(rule.id)
                return Explained(factor, group, rule.points, value=value)
    group = Group(factor.rule.partition(":")[2])
    return Explained(factor, group, factor.points)


def _occurrences(
    rule: CountRule, history: History, bounds: Bounds, moment: datetime
) -> tuple[Occurrence, ...]:
    found = [one for one in facts_of(rule, history) if rule.frame.holds(one.happened_at, moment)]
    half_life = bounds.half_life_days
    return tuple(
        Occurrence(
            one.event_id,
            one.happened_at,
            (moment - one.happened_at) / DAY,
            1.0 if half_life is None else fading(one.happened_at, moment, half_life),
        )
        for one in found[of_those(rule, len(found))]
    )
