"""Policies read from their documents: what was written becomes what is decided by."""

from datetime import timedelta
from functools import lru_cache
from math import log2
from typing import Final

from lead_scoring.domain.conditions import Between, Condition, Gave, GaveNone, NoneOf, OneOf
from lead_scoring.domain.policy import (
    Bands,
    Bounds,
    CompanyRule,
    CountRule,
    Disqualifier,
    Frame,
    Group,
    Line,
    Policy,
    ProfileRule,
    RollUp,
    Rule,
    Segment,
)
from lead_scoring.repository.condition_documents import (
    ConditionDocument,
    IsBetween,
    IsGiven,
    IsNoneOf,
    IsNotGiven,
    IsOneOf,
)
from lead_scoring.repository.documents import (
    BandsDocument,
    BoundsDocument,
    CompanyDocument,
    DecayDocument,
    LineDocument,
    PolicyDocument,
    RuleDocument,
)

KNOWN_POLICIES: Final = 16


def policy_of(version: int, document: PolicyDocument) -> Policy:
    """The policy that a document describes."""
    rules = [(one.group, _rule(one, f"rules.{n}")) for n, one in enumerate(document.rules)]
    return Policy(
        version=version,
        name=document.name,
        fit=_bounds(document.fit),
        engagement=_bounds(document.engagement),
        fit_rules=tuple(rule for group, rule in rules if group is Group.FIT),
        engagement_rules=tuple(rule for group, rule in rules if group is Group.ENGAGEMENT),
        disqualifiers=tuple(
            Disqualifier(one.id, one.text, _conditions(one.when), f"disqualify.{n}")
            for n, one in enumerate(document.disqualify)
        ),
        line=_line(document.line),
        bands=None if document.bands is None else _bands(document.bands),
        segments=tuple(
            Segment(one.id, _conditions(one.when), _line(one.line), f"segments.{n}")
            for n, one in enumerate(document.segments)
        ),
    )


@lru_cache(maxsize=KNOWN_POLICIES)
def read_policy(version: int, text: str) -> Policy:
    """The policy of a stored document; a version is read once and then remembered."""
    return policy_of(version, PolicyDocument.model_validate_json(text))


def _rule(document: RuleDocument, place: str) -> Rule:
    words = (document.id, document.points, document.text)
    if document.company is not None:
        company = document.company
        roll_up = _roll_up(company)
        return CompanyRule(*words, roll_up, company.at_least, company.at_most, place)
    when = _conditions(document.when)
    if not document.counts:
        return ProfileRule(*words, when, place)
    if document.from_lead > 1 or document.to_lead > 1:
        return CountRule(
            *words,
            when,
            at_least=document.from_lead,
            first=document.from_lead,
            times_max=document.to_lead - document.from_lead + 1,
            place=place,
        )
    return CountRule(
        *words,
        when,
        kinds=None if document.activities is None else frozenset(document.activities),
        frame=_frame(document),
        at_least=document.exactly or document.at_least or 1,
        at_most=document.exactly or document.at_most,
        times_max=document.times_max,
        place=place,
    )


def _frame(document: RuleDocument) -> Frame:
    within = None if document.within_days is None else timedelta(days=document.within_days)
    return Frame(within, timedelta(days=document.before_days or 0))


def _roll_up(document: CompanyDocument) -> RollUp:
    of = document.count_of or document.attribute
    assert of is not None, "a document has one of both"
    return RollUp(of, document.aggregate, frozenset(document.kinds))


def _bounds(document: BoundsDocument) -> Bounds:
    decay = document.decay
    half_life_days = None if decay is None else _half_life_days(decay)
    return Bounds(document.minimum, document.maximum, half_life_days)


def _half_life_days(decay: DecayDocument) -> float:
    """What loses p percent in each interval has halved after interval * log 2 / -log(1 - p)."""
    if decay.half_life_days is not None:
        return float(decay.half_life_days)
    assert decay.percent is not None
    assert decay.every_days is not None
    return decay.every_days / -log2(1 - decay.percent / 100)


def _bands(document: BandsDocument) -> Bands:
    fit, engagement = document.fit, document.engagement
    return Bands(fit.A, fit.B, engagement.first, engagement.second)


def _line(document: LineDocument) -> Line:
    days = document.again_after_days
    return Line(
        points=document.points,
        reachable_by=frozenset(document.reachable_by),
        needs_consent=document.needs_consent,
        without_consent=document.without_consent,
        probability=document.probability,
        required=frozenset(document.required),
        again_after=None if days is None else timedelta(days=days),
    )


def _conditions(documents: tuple[ConditionDocument, ...]) -> tuple[Condition, ...]:
    return tuple(_condition(document) for document in documents)


def _condition(document: ConditionDocument) -> Condition:
    match document:
        case IsOneOf():
            return OneOf(document.attribute, frozenset(document.any_of))
        case IsNoneOf():
            return NoneOf(document.attribute, frozenset(document.none_of))
        case IsBetween():
            return Between(document.attribute, document.at_least, document.at_most)
        case IsGiven():
            return Gave(frozenset(document.gave_any_of))
        case IsNotGiven():
            return GaveNone(frozenset(document.gave_none_of))
