"""The line itself: whether a lead makes its person a prospect, and if not, what is missing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from baton.contracts.vocabulary import LeadState
from lead_scoring.domain.conditions import all_hold
from lead_scoring.domain.facts import History, LeadFact, Profile, profile_of, until
from lead_scoring.domain.people import ConsentChange, Erasure
from lead_scoring.domain.policy import Line, Policy, WithoutConsent
from lead_scoring.domain.scoring import NOTHING, Model, Score, score_at

AGAIN_TIMES_MAX: Final = 12
"""As often as a nurtured lead's line says, but not more often than this."""
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
    PROBABILITY = "probability"
    FIELDS = "fields"
    REACHABILITY = "reachability"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Case:
    """All that a decision about a lead is made from; `history` is its person's, with this lead.

    `moment` is the time it is judged at; None: when the newest of what is known happened.
    """

    lead: LeadFact
    history: History
    consent: ConsentChange | None = None
    erasure: Erasure | None = None
    moment: datetime | None = None

    @property
    def at(self) -> datetime:
        """The time it is judged at."""
        if self.moment is not None:
            return self.moment
        return self.history.newest_at if self.history else self.lead.happened_at


@dataclass(frozen=True, slots=True)
class Qualified:
    """The person is a prospect."""

    score: Score


@dataclass(frozen=True, slots=True)
class Nurtured:
    """The lead stays with marketing; at `again_at`, if ever, it is looked at again by itself."""

    score: Score
    missing: tuple[Missing, ...]
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Disqualified:
    """The lead will not be pursued. `reason` is a word of this module or a disqualifier's id."""

    score: Score
    reason: str


Decision = Qualified | Nurtured | Disqualified


def decide(case: Case, policy: Policy, model: Model | None = None) -> Decision:
    """What becomes of a lead."""
    if case.erasure is not None:
        return Disqualified(NOTHING, IS_ERASED)
    if case.lead.is_test:
        return Disqualified(NOTHING, IS_TEST)
    history = until(case.history, case.at)
    score = score_at(history, policy, model, case.at)
    profile = profile_of(history)
    for disqualifier in policy.disqualifiers:
        if all_hold(disqualifier.when, profile):
            return Disqualified(score, disqualifier.id)
    line = policy.line_for(profile)
    contact = contact_of(case.lead.happened_at, history, case.consent)
    may_contact = allows_contact(contact, line)
    if not may_contact and line.without_consent is WithoutConsent.DISQUALIFY:
        return Disqualified(score, NO_CONSENT)
    missing = missing_of(score, profile, line)
    if not may_contact:
        missing = (*missing, Missing.CONSENT)
    return Nurtured(score, missing, _again_at(case, line)) if missing else Qualified(score)


def missing_of(score: Score, profile: Profile, line: Line) -> tuple[Missing, ...]:
    """What somebody lacks to be beyond a line, consent apart."""
    missing: list[Missing] = []
    if line.points is not None and score.points < line.points:
        missing.append(Missing.POINTS)
    if line.probability is not None and (score.probability or 0.0) < line.probability:
        missing.append(Missing.PROBABILITY)
    if not line.required <= profile.fields:
        missing.append(Missing.FIELDS)
    if line.reachable_by.isdisjoint(profile.fields):
        missing.append(Missing.REACHABILITY)
    return tuple(missing)


def contact_of(asked_at: datetime, history: History, word: ConsentChange | None) -> Contact:
    """Whether a person may be contacted because of a lead that happened at `asked_at`.

    A refusal speaks about what came before it. A lead that came after it is a request of its own,
    if anything since the refusal came with consent.
    """
    leads = history.leads
    if word is not None and not word.grants_contact:
        if asked_at <= word.happened_at:
            return Contact.REFUSED
        since = (fact for fact in leads if fact.happened_at > word.happened_at)
        return Contact.GRANTED if any(f.grants_contact for f in since) else Contact.REFUSED
    if word is not None or any(fact.grants_contact for fact in leads):
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


def _again_at(case: Case, line: Line) -> datetime | None:
    """When the lead is looked at again by itself; it is not looked at for ever."""
    if line.again_after is None:
        return None
    again_at = case.at + line.again_after
    last = case.lead.happened_at + line.again_after * AGAIN_TIMES_MAX
    return again_at if again_at <= last else None
