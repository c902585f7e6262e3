"""Verifying: a receipt's decision is made again from what is recorded, and compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lead_scoring.domain.decisions import Case, decide
from lead_scoring.domain.facts import ActivityFact, Enrichment, History, LeadFact, history_of
from lead_scoring.domain.people import ConsentChange, Erasure
from lead_scoring.domain.policy import Policy
from lead_scoring.domain.receipts import Inputs, Receipt, Rescored, Undone, Verdict, undone
from lead_scoring.domain.scoring import Model, score_at


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is recorded under event ids; receipts point into it."""

    facts: Mapping[str, LeadFact]
    consents: Mapping[str, ConsentChange]
    erasures: Mapping[str, Erasure]
    activities: Mapping[str, ActivityFact] = field(default_factory=dict)
    enrichments: Mapping[str, Enrichment] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rules:
    """The versions that receipts were made by."""

    policies: Mapping[int, Policy]
    models: Mapping[int, Model] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """A receipt that does not come out as it was written; `found` is None when inputs are gone."""

    receipt: Receipt
    found: Verdict | None


def recompute(receipt: Receipt, recorded: Recorded, rules: Rules) -> Verdict:
    """Decide again from the recorded facts. Raises `KeyError` when one of them is gone."""
    policy = rules.policies[receipt.policy_version]
    model = None if receipt.model_version is None else rules.models[receipt.model_version]
    history = history_in(receipt.inputs, recorded)
    if isinstance(receipt.decision, Rescored):
        moment = moment_of(receipt, recorded, history)
        return Rescored(score_at(history, policy, model, moment))
    case = _case(receipt, recorded, history)
    if isinstance(receipt.decision, Undone):
        return undone(case, policy, model) or decide(case, policy, model)
    return decide(case, policy, model)


def history_in(inputs: Inputs, recorded: Recorded) -> History:
    """What a receipt looked at. Raises `KeyError` when some of it is gone."""
    return history_of(
        [
            *(recorded.facts[event_id] for event_id in inputs.leads),
            *(recorded.activities[event_id] for event_id in inputs.activities),
            *(recorded.enrichments[event_id] for event_id in inputs.enrichments),
        ],
        inputs.roll_ups,
    )


def difference(receipt: Receipt, recorded: Recorded, rules: Rules) -> Difference | None:
    """What is wrong with a receipt; None when it comes out the same to the last digit."""
    try:
        found = recompute(receipt, recorded, rules)
    except KeyError:
        return Difference(receipt, None)
    return None if found == receipt.decision else Difference(receipt, found)


def moment_of(receipt: Receipt, recorded: Recorded, history: History) -> datetime:
    """The time that a receipt's score was made for. Raises `KeyError`."""
    if isinstance(receipt.decision, Rescored):
        return receipt.inputs.moment or history.newest_at
    return _case(receipt, recorded, history).at


def _case(receipt: Receipt, recorded: Recorded, history: History) -> Case:
    inputs = receipt.inputs
    facts = (recorded.facts[event_id] for event_id in inputs.leads)
    lead = next((fact for fact in facts if fact.lead_id == receipt.lead_id), None)
    if lead is None:
        raise KeyError(receipt.lead_id)
    return Case(
        lead=lead,
        history=history,
        consent=recorded.consents[inputs.consent] if inputs.consent else None,
        erasure=recorded.erasures[inputs.erasure] if inputs.erasure else None,
        moment=inputs.moment,
    )
