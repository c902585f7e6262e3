"""The market that a campaign is meant for, and whether a lead comes from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from baton.contracts.vocabulary import Department, Seniority
from marketing_intake.domain.draft import LeadDraft

Attribute = str | bool | int | float
Attributes = Mapping[str, Attribute]
"""What is known of a lead and identifies nobody, called as in scoring's policy: `country`,
`seniority`, `department`, `email_kind`, `channel`, and `trait:NAME` for each declared trait."""


def attributes_of(draft: LeadDraft) -> dict[str, Attribute]:
    """What a lead is known by; what is unknown has no place among it."""
    known: dict[str, Attribute] = {"channel": draft.channel, "email_kind": draft.email_kind}
    if draft.seniority is not Seniority.UNKNOWN:
        known["seniority"] = draft.seniority
    if draft.department is not Department.UNKNOWN:
        known["department"] = draft.department
    if draft.country is not None:
        known["country"] = draft.country
    return known | {f"trait:{name}": value for name, value in draft.traits.items()}


class Aim(StrEnum):
    """How a lead lies to a target market."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OneOf:
    """The attribute has one of these values."""

    attribute: str
    any_of: frozenset[Attribute]

    def aims_at(self, value: Attribute) -> bool:
        """Whether the value is wanted."""
        return value in self.any_of


@dataclass(frozen=True, slots=True)
class Between:
    """The attribute is a number from `at_least` to `at_most`, both included."""

    attribute: str
    at_least: float
    at_most: float

    def aims_at(self, value: Attribute) -> bool:
        """Whether the value is wanted; what is no number never is."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            return False
        return self.at_least <= value <= self.at_most


Condition = OneOf | Between


def aim(attributes: Attributes, target: Sequence[Condition]) -> Aim:
    """Whether a lead with these attributes is in the market.

    One condition that fails puts it outside, whatever else is unknown; one that can't be judged
    leaves it open. Without conditions the market is everybody.
    """
    found = {_judged(attributes, condition) for condition in target}
    for verdict in (Aim.OUTSIDE, Aim.UNKNOWN):
        if verdict in found:
            return verdict
    return Aim.INSIDE


def aims(counted: Iterable[tuple[Attributes, int]], target: Sequence[Condition]) -> dict[Aim, int]:
    """How many leads lie inside and outside, and of how many it can't be said."""
    counts = dict.fromkeys(Aim, 0)
    for attributes, count in counted:
        counts[aim(attributes, target)] += count
    return counts


def _judged(attributes: Attributes, condition: Condition) -> Aim:
    value = attributes.get(condition.attribute)
    if value is None:
        return Aim.UNKNOWN
    return Aim.INSIDE if condition.aims_at(value) else Aim.OUTSIDE
