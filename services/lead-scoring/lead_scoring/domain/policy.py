"""The policy: the contract between marketing and sales, as values that a score is made with."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lead_scoring.domain.conditions import Condition

DEFAULT_NAME: Final = "Default"


class Group(StrEnum):
    """What a rule speaks about: who the person is, or what they did."""

    FIT = "fit"
    ENGAGEMENT = "engagement"


class WithoutConsent(StrEnum):
    """What becomes of a lead that may not be contacted."""

    NURTURE = "nurture"
    DISQUALIFY = "disqualify"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which points a group counts; 0 lies between them."""

    minimum: float
    maximum: float

    def clamp(self, points: float) -> float:
        """The points, or the bound that they are beyond."""
        return min(max(points, self.minimum), self.maximum)


@dataclass(frozen=True, slots=True)
class Rule:
    """Points for what is true.

    A rule of fit looks at the person's whole profile and counts once. A rule of engagement looks
    at each lead, and its points count for each that fulfils it, from the `from_lead`-th to the
    `to_lead`-th (both included; 1 and 1: once, however often).
    """

    id: str
    points: float
    text: str
    when: tuple[Condition, ...]
    from_lead: int = 1
    to_lead: int = 1


@dataclass(frozen=True, slots=True)
class Disqualifier:
    """Somebody whom sales never wants, whatever their points."""

    id: str
    text: str
    when: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What makes a prospect: enough points, a way to reach them, and consent where it is needed."""

    points: float
    reachable_by: frozenset[str]
    needs_consent: bool
    without_consent: WithoutConsent


@dataclass(frozen=True, slots=True)
class Policy:
    """A version of the policy; published ones never change."""

    version: int
    name: str
    fit: Bounds
    engagement: Bounds
    fit_rules: tuple[Rule, ...]
    engagement_rules: tuple[Rule, ...]
    disqualifiers: tuple[Disqualifier, ...]
    line: Line

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules that give points."""
        return self.fit_rules + self.engagement_rules


def texts_of(policy: Policy) -> dict[str, str]:
    """What each factor of a score means, in words."""
    texts = {rule.id: rule.text for rule in policy.rules}
    for group, bounds in ((Group.FIT, policy.fit), (Group.ENGAGEMENT, policy.engagement)):
        texts[bound_id(group)] = (
            f"{group.value} counts from {bounds.minimum:g} to {bounds.maximum:g} points"
        )
    return texts


def bound_id(group: Group) -> str:
    """The factor by which a group's bound takes away what is beyond it; no rule is called so."""
    return f"bound:{group.value}"
