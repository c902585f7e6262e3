"""What is wrong with a policy that is well-formed: rules that never fire, a line nobody reaches."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lead_scoring.domain.condition_faults import FIELDS, why_never
from lead_scoring.domain.policy import (
    Bands,
    Bounds,
    CompanyRule,
    CountRule,
    Disqualifier,
    Line,
    Policy,
    ProfileRule,
    Rule,
    Segment,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A place in the document, its steps joined by points, and what was expected there."""

    field: str
    expected: str


def faults_of(policy: Policy) -> list[Fault]:
    """Everything that is wrong; an empty list for a policy that can be published.

    Nothing in a policy refers to another part of it, so that there are no cycles to be found.
    """
    return [
        *_of_bounds("fit", policy.fit),
        *_of_bounds("engagement", policy.engagement),
        *_of_ids(policy),
        *(fault for rule in policy.rules for fault in _of_rule(rule)),
        *(fault for one in policy.disqualifiers for fault in _of_conditions(one)),
        *(fault for one in policy.segments for fault in _of_conditions(one)),
        *(() if policy.bands is None else _of_bands(policy.bands, policy)),
        *_of_line(policy.line, "line", policy),
        *(
            fault
            for one in policy.segments
            for fault in _of_line(one.line, f"{one.place}.line", policy)
        ),
    ]


def points_max(policy: Policy) -> float:
    """The most that anybody can have."""
    return _fit_max(policy) + _engagement_max(policy)


def _fit_max(policy: Policy) -> float:
    return policy.fit.clamp(sum(_most(rule) for rule in policy.fit_rules))


def _engagement_max(policy: Policy) -> float:
    return policy.engagement.clamp(sum(_most(rule) for rule in policy.engagement_rules))


def _most(rule: Rule) -> float:
    times = _times(rule) if isinstance(rule, CountRule) else 1
    return max(0.0, rule.points) * times


def _times(rule: CountRule) -> int:
    """How often it counts at most."""
    if rule.at_most is None:
        return rule.times_max
    return min(rule.times_max, rule.at_most - rule.first + 1)


def _of_bounds(group: str, bounds: Bounds) -> Iterator[Fault]:
    if not bounds.minimum <= 0 <= bounds.maximum:
        yield Fault(group, f"{group} must allow 0 points: minimum <= 0 <= maximum")


def _of_ids(policy: Policy) -> Iterator[Fault]:
    named = [*policy.rules, *policy.disqualifiers, *policy.segments]
    counts = Counter(one.id for one in named)
    for one in named:
        if counts[one.id] > 1:
            yield Fault(f"{one.place}.id", f"must be its own: {one.id} is there more than once")


def _of_rule(rule: Rule) -> Iterator[Fault]:
    match rule:
        case CountRule():
            yield from _of_frequency(rule)
            yield from _of_frame(rule)
            yield from _of_conditions(rule)
        case CompanyRule(at_least=at_least, at_most=at_most, place=place):
            if at_least > at_most:
                expected = "it can never fire: at_least is greater than at_most"
                yield Fault(f"{place}.company.at_least", expected)
        case ProfileRule():
            yield from _of_conditions(rule)


def _of_frequency(rule: CountRule) -> Iterator[Fault]:
    if rule.times_max < 1:
        yield Fault(f"{rule.place}.from_lead", "must not be greater than to_lead")
    elif rule.at_most is not None and rule.at_least > rule.at_most:
        expected = "it can never fire: at_least is greater than at_most"
        yield Fault(f"{rule.place}.at_least", expected)


def _of_frame(rule: CountRule) -> Iterator[Fault]:
    within, before = rule.frame.within, rule.frame.before
    if within is not None and before >= within:
        expected = "it can never fire: what is older than before_days is not within_days any more"
        yield Fault(f"{rule.place}.before_days", expected)


def _of_conditions(rule: ProfileRule | CountRule | Disqualifier | Segment) -> Iterator[Fault]:
    is_of_activities = isinstance(rule, CountRule) and rule.kinds is not None
    for index, reason in why_never(rule.when, is_of_activities=is_of_activities):
        yield Fault(f"{rule.place}.when.{index}", f"it can never fire: {reason}")


def _of_bands(bands: Bands, policy: Policy) -> Iterator[Fault]:
    if bands.a <= bands.b:
        yield Fault("bands.fit.A", "must be greater than B, or the bands overlap")
    if bands.first <= bands.second:
        yield Fault("bands.engagement.1", "must be greater than 2, or the bands overlap")
    fit, engagement = _fit_max(policy), _engagement_max(policy)
    if bands.a > fit:
        yield Fault("bands.fit.A", f"nobody can reach it: fit is {fit:g} points at most")
    if bands.first > engagement:
        most = f"engagement is {engagement:g} points at most"
        yield Fault("bands.engagement.1", f"nobody can reach it: {most}")


def _of_line(line: Line, place: str, policy: Policy) -> Iterator[Fault]:
    most = points_max(policy)
    if line.points is not None and line.points > most:
        yield Fault(f"{place}.points", f"nobody can reach it: the rules give {most:g} at most")
    if not line.reachable_by <= FIELDS:
        yield Fault(f"{place}.reachable_by", f"must be some of {', '.join(sorted(FIELDS))}")
