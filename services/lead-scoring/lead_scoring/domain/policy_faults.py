"""What is wrong with a policy that is well-formed: rules that never fire, a line nobody reaches."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from baton.contracts.vocabulary import Channel, EmailKind, Field, Seniority
from lead_scoring.domain.conditions import Condition, Gave, GaveNone, NoneOf, OneOf
from lead_scoring.domain.facts import Value
from lead_scoring.domain.policy import Bounds, Disqualifier, Policy, Rule

KNOWN_VALUES: Final[Mapping[str, frozenset[str]]] = {
    # An attribute that is unknown has no value, so the word for it never comes.
    "channel": frozenset(Channel) - {Channel.UNKNOWN},
    "email_kind": frozenset(EmailKind) - {EmailKind.NONE},
    "seniority": frozenset(Seniority) - {Seniority.UNKNOWN},
}
FIELDS: Final[frozenset[str]] = frozenset(Field)


@dataclass(frozen=True, slots=True)
class Fault:
    """A place in the document and what was expected there."""

    field: str
    expected: str


def faults_of(policy: Policy) -> list[Fault]:
    """Everything that is wrong; an empty list for a policy that can be published."""
    return [
        *_of_bounds("fit", policy.fit),
        *_of_bounds("engagement", policy.engagement),
        *_of_ids(policy),
        *(fault for rule in policy.rules for fault in _of_rule(rule)),
        *(fault for one in policy.disqualifiers for fault in _of_conditions(one)),
        *_of_line(policy),
    ]


def points_max(policy: Policy) -> float:
    """The most that anybody can have."""
    fit = policy.fit.clamp(sum(max(0.0, rule.points) for rule in policy.fit_rules))
    engaged = sum(
        max(0.0, rule.points) * (rule.to_lead - rule.from_lead + 1)
        for rule in policy.engagement_rules
    )
    return fit + policy.engagement.clamp(engaged)


def _of_bounds(group: str, bounds: Bounds) -> Iterator[Fault]:
    if not bounds.minimum <= 0 <= bounds.maximum:
        yield Fault(group, f"{group} must allow 0 points: minimum <= 0 <= maximum")


def _of_ids(policy: Policy) -> Iterator[Fault]:
    ids = Counter(rule.id for rule in policy.rules)
    ids.update(disqualifier.id for disqualifier in policy.disqualifiers)
    for one, count in ids.items():
        if count > 1:
            yield Fault(f"rules.{one}", "each rule and each disqualifier must have its own id")


def _of_rule(rule: Rule) -> Iterator[Fault]:
    if rule.from_lead > rule.to_lead:
        yield Fault(f"rules.{rule.id}", "from_lead must not be greater than to_lead")
    yield from _of_conditions(rule)


def _of_conditions(rule: Rule | Disqualifier) -> Iterator[Fault]:
    for condition in rule.when:
        strange = _never_seen(condition)
        if strange:
            words = ", ".join(sorted(str(value) for value in strange))
            yield Fault(f"rules.{rule.id}", f"it can never fire: there is no such value as {words}")


def _never_seen(condition: Condition) -> frozenset[Value]:
    match condition:
        case OneOf(attribute=attribute, values=values) | NoneOf(attribute=attribute, values=values):
            known = KNOWN_VALUES.get(attribute)
            return frozenset() if known is None else values - known
        case Gave(fields=fields) | GaveNone(fields=fields):
            return fields - FIELDS
        case _:
            return frozenset()


def _of_line(policy: Policy) -> Iterator[Fault]:
    most = points_max(policy)
    if policy.line.points > most:
        yield Fault("line.points", f"nobody can reach it: the rules give {most:g} points at most")
    if not policy.line.reachable_by <= FIELDS:
        yield Fault("line.reachable_by", f"must be some of {', '.join(sorted(FIELDS))}")
