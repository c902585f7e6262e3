"""Why conditions can never hold together: values that do not exist, or that exclude each other."""

from collections.abc import Iterator, Mapping
from typing import Final

from baton.contracts.vocabulary import Channel, Department, EmailKind, Field, Seniority
from lead_scoring.domain.conditions import Between, Condition, Gave, GaveNone, NoneOf, OneOf
from lead_scoring.domain.facts import Value

KNOWN_VALUES: Final[Mapping[str, frozenset[Value]]] = {
    # An attribute that is unknown has no value, so the word for it never comes.
    "channel": frozenset(Channel) - {Channel.UNKNOWN},
    "department": frozenset(Department) - {Department.UNKNOWN},
    "email_kind": frozenset(EmailKind) - {EmailKind.NONE},
    "is_returning": frozenset({True}),
    "seniority": frozenset(Seniority) - {Seniority.UNKNOWN},
}
FIELDS: Final[frozenset[str]] = frozenset(Field)
OF_ACTIVITIES: Final = frozenset({"source", "campaign", "call_to_action", "channel"})
"""What is known of an activity, traits apart."""

Reasons = Iterator[tuple[int, str]]


def why_never(when: tuple[Condition, ...], *, is_of_activities: bool) -> Reasons:
    """Which conditions, by their index, can't hold, and why; the first of each reason."""
    for index, condition in enumerate(when):
        yield from ((index, reason) for reason in _alone(condition))
        if is_of_activities:
            yield from ((index, reason) for reason in _of_an_activity(condition))
    yield from _of_values(when)
    yield from _of_numbers(when)
    yield from _of_fields(when)


def _alone(condition: Condition) -> Iterator[str]:
    strange = _never_seen(condition)
    if strange:
        yield f"there is no such value as {', '.join(sorted(str(value) for value in strange))}"
    if isinstance(condition, Between):
        if condition.at_least > condition.at_most:
            yield "at_least is greater than at_most"
        if condition.attribute in KNOWN_VALUES:
            yield f"{condition.attribute} is no number"


def _never_seen(condition: Condition) -> frozenset[Value]:
    match condition:
        case OneOf(attribute=attribute, values=values) | NoneOf(attribute=attribute, values=values):
            known = KNOWN_VALUES.get(attribute)
            return frozenset() if known is None else values - known
        case Gave(fields=fields) | GaveNone(fields=fields):
            return fields - FIELDS
        case Between():
            return frozenset()


def _of_an_activity(condition: Condition) -> Iterator[str]:
    match condition:
        case Gave() | GaveNone():
            yield "no fields are given with an activity"
        case OneOf(attribute=name) | NoneOf(attribute=name) | Between(attribute=name):
            if name not in OF_ACTIVITIES and not name.startswith("trait:"):
                yield f"{name} is not known of an activity"


def _of_values(when: tuple[Condition, ...]) -> Reasons:
    """An attribute that has to be one of values, of which none is left."""
    left: dict[str, frozenset[Value]] = {}
    for index, condition in enumerate(when):
        if isinstance(condition, OneOf):
            name = condition.attribute
            left[name] = left.get(name, condition.values) & condition.values
            if not left[name]:
                yield index, f"{name} can't be one of these and of those before them"
    for index, condition in enumerate(when):
        if isinstance(condition, NoneOf) and left.get(condition.attribute):
            left[condition.attribute] -= condition.values
            if not left[condition.attribute]:
                yield index, f"{condition.attribute} can't be one of these and none of them"


def _of_numbers(when: tuple[Condition, ...]) -> Reasons:
    """An attribute that has to lie in ranges that have nothing in common, or be a word as well."""
    words = {one.attribute for one in when if isinstance(one, OneOf)}
    ranges: dict[str, tuple[float, float]] = {}
    for index, condition in enumerate(when):
        if isinstance(condition, Between):
            name = condition.attribute
            low, high = ranges.get(name, (condition.at_least, condition.at_most))
            low, high = max(low, condition.at_least), min(high, condition.at_most)
            if low > high and condition.at_least <= condition.at_most:
                yield index, f"{name} can't lie in this range and in the one before it"
            if name in words:
                yield index, f"{name} can't be a number and one of some words"
            ranges[name] = (low, high)


def _of_fields(when: tuple[Condition, ...]) -> Reasons:
    never = {field for one in when if isinstance(one, GaveNone) for field in one.fields}
    for index, condition in enumerate(when):
        if isinstance(condition, Gave) and condition.fields <= never:
            yield index, "these fields must be given and must not be"
