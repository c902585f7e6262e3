"""The line itself: whether a lead makes its person a prospect, and if not, what is missing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from baton.contracts.vocabulary import LeadState
from lead_scoring.domain.conditions import all_hold
from lead_scoring.domain.facts import History, LeadFact, profile_of
from lead_scoring.domain.people import ConsentChange, Erasure
from lead_scoring.domain.policy import Line, Policy, WithoutConsent
from lead_scoring.domain.scoring import NOTHING, Score, score_of

IS_TEST: Final = "test"
IS_ERASED: Final = "erased"
NO_CONSENT: Final = "no_consent"


class Contact(StrEnum):
    """Whether a person may be contacted because of a lead."""

    GRANTED = "granted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Missing(StrEnum):
    """What a nurtured lead lacks."""

    POINTS = "points"
    REACHABILITY = "reachability"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Case:
    """All that a decision about a lead is made from; `history` is its person's, with this lead."""

    lead: LeadFact
    history: History
    consent: ConsentChange | None = None
    erasure: Erasure | None = None


@dataclass(frozen=True, slots=True)
class Qualified:
    """The person is a prospect."""

    score: Score


@dataclass(frozen=True, slots=True)
class Nurtured:
    """The lead stays with marketing."""

    score: Score
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Disqualified:
    """The lead will not be pursued. `reason` is a word of this module or a disqualifier's id."""

    score: Score
    reason: str


Decision = Qualified | Nurtured | Disqualified


def decide(case: Case, policy: Policy) -> Decision:
    """What becomes of a lead."""
    if case.erasure is not None:
        return Disqualified(NOTHING, IS_ERASED)
    if case.lead.is_test:
        return Disqualified(NOTHING, IS_TEST)
    score = score_of(case.history, policy)
    profile = profile_of(case.history)
    for disqualifier in policy.disqualifiers:
        if all_hold(disqualifier.when, profile):
            return Disqualified(score, disqualifier.id)
    line = policy.line
    contact = contact_of(case.lead.happened_at, case.history, case.consent)
    may_contact = allows_contact(contact, line)
    if not may_contact and line.without_consent is WithoutConsent.DISQUALIFY:
        return Disqualified(score, NO_CONSENT)
    missing = _missing(score, profile.fields, line)
    if not may_contact:
        missing = (*missing, Missing.CONSENT)
    return Nurtured(score, missing) if missing else Qualified(score)


def contact_of(asked_at: datetime, history: History, word: ConsentChange | None) -> Contact:
    """Whether a person may be contacted because of a lead that happened at `asked_at`.

    A refusal speaks about what came before it. A lead that came after it is a request of its own,
    if anything since the refusal came with consent.
    """
    if word is not None and not word.grants_contact:
        if asked_at <= word.happened_at:
            return Contact.REFUSED
        since = (fact for fact in history if fact.happened_at > word.happened_at)
        return Contact.GRANTED if any(f.grants_contact for f in since) else Contact.REFUSED
    if word is not None or any(fact.grants_contact for fact in history):
        return Contact.GRANTED
    return Contact.UNKNOWN


def allows_contact(contact: Contact, line: Line) -> bool:
    """Whether that is consent enough for the line; a refusal never is."""
    match contact:
        case Contact.GRANTED:
            return True
        case Contact.REFUSED:
            return False
        case Contact.UNKNOWN:
            return not line.needs_consent


def state_after(decision: Decision) -> LeadState:
    """Where a lead is after its decision."""
    match decision:
        case Qualified():
            return LeadState.QUALIFIED
        case Nurtured():
            return LeadState.NURTURED
        case Disqualified(reason=reason):
            return LeadState.ERASED if reason == IS_ERASED else LeadState.DISQUALIFIED


def _missing(score: Score, fields: frozenset[str], line: Line) -> tuple[Missing, ...]:
    missing: list[Missing] = []
    if score.points < line.points:
        missing.append(Missing.POINTS)
    if line.reachable_by.isdisjoint(fields):
        missing.append(Missing.REACHABILITY)
    return tuple(missing)
