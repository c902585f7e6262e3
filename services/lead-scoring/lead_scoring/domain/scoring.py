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
    profile = profile_of(history)
    fits = [Factor(r.id, r.points) for r in policy.fit_rules if all_hold(r.when, profile)]
    engagements = [
        Factor(rule.id, rule.points * times)
        for rule in policy.engagement_rules
        if (times := _times(rule, history)) > 0
    ]
    fit = _bounded(fits, Group.FIT, policy.fit)
    engagement = _bounded(engagements, Group.ENGAGEMENT, policy.engagement)
    return Score(fit, engagement, (*fits, *engagements))


def _times(rule: Rule, history: History) -> int:
    """How often the rule's points count."""
    if len(history) < rule.from_lead:
        return 0
    matching = sum(1 for fact in history if all_hold(rule.when, fact.profile))
    return min(matching, rule.to_lead) - rule.from_lead + 1


def _bounded(factors: list[Factor], group: Group, bounds: Bounds) -> float:
    """The sum of a group within its bounds; what a bound takes away is added as a factor."""
    raw = sum(factor.points for factor in factors)
    points = bounds.clamp(raw)
    if points != raw:
        factors.append(Factor(bound_id(group), points - raw))
    return float(points)
