"""The score of a person: what each rule of a policy makes of the facts about them."""

from collections.abc import Iterable
from dataclasses import dataclass

from lead_scoring.domain.conditions import all_hold
from lead_scoring.domain.facts import History, LeadFact, history_of, profile_of
from lead_scoring.domain.policy import Bounds, Group, Policy, Rule, bound_id


@dataclass(frozen=True, slots=True)
class Factor:
    """What one rule contributes, or what a bound takes away."""

    rule: str
    points: float


@dataclass(frozen=True, slots=True)
class Score:
    """Fit and engagement, kept apart; the factors add up to both together."""

    fit: float
    engagement: float
    factors: tuple[Factor, ...]

    @property
    def points(self) -> float:
        """What is compared with the line."""
        return self.fit + self.engagement


NOTHING = Score(0.0, 0.0, ())


def score(facts: Iterable[LeadFact], policy: Policy) -> Score:
    """The score that these facts give; their order and repetitions do not matter."""
    return score_of(history_of(facts), policy)


def score_of(history: History, policy: Policy) -> Score:
    """The score that a history gives."""
    if not history:
        return NOTHING
    factors: list[Factor] = []
    profile = profile_of(history)
    for rule in policy.fit_rules:
        if all_hold(rule.when, profile):
            factors.append(Factor(rule.id, rule.points))
    fit = _bounded(factors, 0, Group.FIT, policy.fit)
    begin = len(factors)
    for rule in policy.engagement_rules:
        times = _times(rule, history)
        if times > 0:
            factors.append(Factor(rule.id, rule.points * times))
    engagement = _bounded(factors, begin, Group.ENGAGEMENT, policy.engagement)
    return Score(fit, engagement, tuple(factors))


def _times(rule: Rule, history: History) -> int:
    """How often the rule's points count."""
    if len(history) < rule.from_lead:
        return 0
    matching = sum(1 for fact in history if all_hold(rule.when, fact.profile))
    return min(matching, rule.to_lead) - rule.from_lead + 1


def _bounded(factors: list[Factor], begin: int, group: Group, bounds: Bounds) -> float:
    """The sum from `begin` on, within bounds; what a bound takes away is a factor as well."""
    raw = sum(factor.points for factor in factors[begin:])
    points = bounds.clamp(raw)
    if points != raw:
        factors.append(Factor(bound_id(group), points - raw))
    return float(points)
