"""Receipts: what a decision was made from and what it was, so that anybody can do it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lead_scoring.domain.decisions import (
    Case,
    Decision,
    Disqualified,
    Nurtured,
    Qualified,
    decide,
)
from lead_scoring.domain.facts import LeadFact, history_of
from lead_scoring.domain.people import ConsentChange, Erasure
from lead_scoring.domain.policy import Policy
from lead_scoring.domain.scoring import Score


@dataclass(frozen=True, slots=True)
class Inputs:
    """The ids of the events that a decision looked at; the lead's own is always among `leads`."""

    leads: tuple[str, ...]
    consent: str | None = None
    erasure: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A decision with what it was made from. Its id is the id of the event that it answers."""

    id: str
    lead_id: str
    person_id: str
    policy_version: int
    inputs: Inputs
    decision: Decision
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is recorded under event ids; receipts point into it."""

    facts: Mapping[str, LeadFact]
    consents: Mapping[str, ConsentChange]
    erasures: Mapping[str, Erasure]


@dataclass(frozen=True, slots=True)
class Difference:
    """A receipt that does not come out as it was written; `found` is None when inputs are gone."""

    receipt: Receipt
    found: Decision | None


def receipt_of(case: Case, policy: Policy, decided_at: datetime) -> Receipt:
    """Decide, and write down what was decided from what."""
    lead = case.lead
    event_ids = tuple(fact.event_id for fact in case.history)
    return Receipt(
        id=lead.event_id,
        lead_id=lead.lead_id,
        person_id=lead.person_id,
        policy_version=policy.version,
        inputs=Inputs(
            leads=event_ids if lead.event_id in event_ids else (*event_ids, lead.event_id),
            consent=case.consent.event_id if case.consent else None,
            erasure=case.erasure.event_id if case.erasure else None,
        ),
        decision=decide(case, policy),
        decided_at=decided_at,
    )


def recompute(receipt: Receipt, recorded: Recorded, policy: Policy) -> Decision:
    """Decide again from the recorded facts. Raises `KeyError` when one of them is gone."""
    inputs = receipt.inputs
    facts = [recorded.facts[event_id] for event_id in inputs.leads]
    case = Case(
        lead=recorded.facts[receipt.id],
        history=history_of(facts),
        consent=recorded.consents[inputs.consent] if inputs.consent else None,
        erasure=recorded.erasures[inputs.erasure] if inputs.erasure else None,
    )
    return decide(case, policy)


def difference(
    receipt: Receipt, recorded: Recorded, policies: Mapping[int, Policy]
) -> Difference | None:
    """What is wrong with a receipt; None when it comes out the same to the last digit."""
    try:
        found = recompute(receipt, recorded, policies[receipt.policy_version])
    except KeyError:
        return Difference(receipt, None)
    return None if found == receipt.decision else Difference(receipt, found)


def score_in(decision: Decision) -> Score:
    """The score that a decision was made with."""
    match decision:
        case Qualified(score=score) | Nurtured(score=score) | Disqualified(score=score):
            return score
