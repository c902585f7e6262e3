"""Conditions of rules: what has to be true of a profile."""

from dataclasses import dataclass

from lead_scoring.domain.facts import Profile, Value


@dataclass(frozen=True, slots=True)
class OneOf:
    """The attribute is known and one of these."""

    attribute: str
    values: frozenset[Value]

    def holds(self, profile: Profile) -> bool:
        """Whether it is so."""
        return profile.attributes.get(self.attribute) in self.values


@dataclass(frozen=True, slots=True)
class NoneOf:
    """The attribute is unknown, or none of these."""

    attribute: str
    values: frozenset[Value]

    def holds(self, profile: Profile) -> bool:
        """Whether it is so."""
        return profile.attributes.get(self.attribute) not in self.values


@dataclass(frozen=True, slots=True)
class Between:
    """The attribute is a number from `at_least` to `at_most`, both included."""

    attribute: str
    at_least: float
    at_most: float

    def holds(self, profile: Profile) -> bool:
        """Whether it is so; what is no number is never between two."""
        value = profile.attributes.get(self.attribute)
        if not isinstance(value, int | float) or isinstance(value, bool):
            return False
        return self.at_least <= value <= self.at_most


@dataclass(frozen=True, slots=True)
class Gave:
    """At least one of these fields was given."""

    fields: frozenset[str]

    def holds(self, profile: Profile) -> bool:
        """Whether it is so."""
        return not self.fields.isdisjoint(profile.fields)


@dataclass(frozen=True, slots=True)
class GaveNone:
    """None of these fields was given."""

    fields: frozenset[str]

    def holds(self, profile: Profile) -> bool:
        """Whether it is so."""
        return self.fields.isdisjoint(profile.fields)


Condition = OneOf | NoneOf | Between | Gave | GaveNone


def all_hold(conditions: tuple[Condition, ...], profile: Profile) -> bool:
    """Whether all conditions hold; none at all always do."""
    for condition in conditions:  # noqa: SIM110 -- a generator would double a rule's cost
        if not condition.holds(profile):
            return False
    return True
