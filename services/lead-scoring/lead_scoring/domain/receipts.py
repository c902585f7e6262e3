"""Receipts: what was decided from what, so that anybody can do it again to the same digits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from lead_scoring.domain import recall
from lead_scoring.domain.decisions import (
    Case,
    Contact,
    Decision,
    Disqualified,
    Nurtured,
    Qualified,
    contact_of,
    decide,
)
from lead_scoring.domain.facts import (
    NO_ROLL_UPS,
    History,
)
from lead_scoring.domain.policy import Policy
from lead_scoring.domain.scoring import Model, Score

CONSENT_WITHDRAWN: Final = "consent_withdrawn"


@dataclass(frozen=True, slots=True)
class Rescored:
    """A person's band changed; no lead was decided."""

    score: Score


@dataclass(frozen=True, slots=True)
class Undone:
    """A lead that sales has would not have been given to them, had all been known by then."""

    score: Score
    reason: str


Verdict = Decision | Rescored | Undone


@dataclass(frozen=True, slots=True)
class Inputs:
    """The ids of the events that were looked at, a lead's own always among `leads`; and when.

    `roll_ups` are the values read of the company, by rule, as they were then.
    """

    leads: tuple[str, ...]
    consent: str | None = None
    erasure: str | None = None
    activities: tuple[str, ...] = ()
    enrichments: tuple[str, ...] = ()
    roll_ups: Mapping[str, float] = field(default_factory=lambda: NO_ROLL_UPS)
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A decision with what it was made from.

    A lead's first one has the id of the event that it answers. `lead_id` is None where a person
    was scored and no lead decided.
    """

    id: str
    lead_id: str | None
    person_id: str
    policy_version: int
    inputs: Inputs
    decision: Verdict
    decided_at: datetime
    model_version: int | None = None


def receipt_of(
    case: Case,
    policy: Policy,
    decided_at: datetime,
    *,
    model: Model | None = None,
    receipt_id: str | None = None,
    decision: Decision | None = None,
) -> Receipt:
    """Decide, if it is not decided already, and write down what was decided from what.

    `receipt_id` is given where the lead was decided before; its first receipt has its event's id.
    """
    lead = case.lead
    return Receipt(
        id=receipt_id or lead.event_id,
        lead_id=lead.lead_id,
        person_id=lead.person_id,
        policy_version=policy.version,
        inputs=inputs_of(case),
        decision=decision or decide(case, policy, model),
        decided_at=decided_at,
        model_version=None if model is None else model.version,
    )


def inputs_of(case: Case) -> Inputs:
    """What a decision looks at. A moment that is the lead's own goes without saying."""
    lead, history, moment = case.lead, case.history, case.at
    if recall.is_alone(case):
        return Inputs((lead.event_id,))
    event_ids = tuple(fact.event_id for fact in history.leads)
    return Inputs(
        leads=event_ids if lead.event_id in event_ids else (*event_ids, lead.event_id),
        consent=case.consent.event_id if case.consent else None,
        erasure=case.erasure.event_id if case.erasure else None,
        activities=tuple(fact.event_id for fact in history.activities),
        enrichments=tuple(fact.event_id for fact in history.enrichments),
        roll_ups=history.roll_ups,
        moment=None if moment == lead.happened_at else moment,
    )


def undoing_of(
    case: Case, policy: Policy, decided_at: datetime, *, receipt_id: str, model: Model | None = None
) -> Receipt | None:
    """The receipt of what `undone` finds; None when nothing is to be taken back."""
    found = undone(case, policy, model)
    if found is None:
        return None
    receipt = receipt_of(case, policy, decided_at, model=model, receipt_id=receipt_id)
    inputs = replace(receipt.inputs, moment=case.at)
    return replace(receipt, inputs=inputs, decision=found)


def rescoring_of(
    person_id: str,
    scored: tuple[History, datetime, Score],
    policy: Policy,
    *,
    receipt_id: str,
    decided_at: datetime,
) -> Receipt:
    """The receipt of a score when no lead is decided: of what history, at which moment."""
    history, moment, score = scored
    return Receipt(
        id=receipt_id,
        lead_id=None,
        person_id=person_id,
        policy_version=policy.version,
        inputs=_inputs_of_person(history, moment),
        decision=Rescored(score),
        decided_at=decided_at,
        model_version=None if score.odds is None else score.odds.model_version,
    )


def _inputs_of_person(history: History, moment: datetime) -> Inputs:
    return Inputs(
        leads=tuple(fact.event_id for fact in history.leads),
        activities=tuple(fact.event_id for fact in history.activities),
        enrichments=tuple(fact.event_id for fact in history.enrichments),
        roll_ups=history.roll_ups,
        moment=moment,
    )


def undone(case: Case, policy: Policy, model: Model | None = None) -> Undone | None:
    """Why a lead would not have been handed to sales at the moment of its decision, had all that
    is known now been known then; None if it would. A refusal counts whenever it was spoken.
    """
    decision = decide(case, policy, model)
    if is_refused(case):
        return Undone(decision.score, CONSENT_WITHDRAWN)
    match decision:
        case Qualified():
            return None
        case Nurtured(score=score, missing=missing):
            return Undone(score, missing[0].value)
        case Disqualified(score=score, reason=reason):
            return Undone(score, reason)


def is_refused(case: Case) -> bool:
    """Whether contact because of the lead is refused by now."""
    return contact_of(case.lead.happened_at, case.history, case.consent) is Contact.REFUSED


def score_in(decision: Verdict) -> Score:
    """The score that a decision was made with."""
    match decision:
        case Qualified() | Nurtured() | Disqualified() | Rescored() | Undone():
            return decision.score
