"""Domain values as the facts that others hear; nothing is decided here.

All of it was checked when it was heard, or made here of such values: validating it again would
cost as much as deciding it.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final

from baton.contracts.scoring import (
    LeadDisqualified,
    LeadNurtured,
    ProspectQualified,
    ProspectWithdrawn,
    Reason,
    ScoreChanged,
)
from baton.contracts.vocabulary import Channel, EmailKind, Seniority
from baton.ids import derived_id
from lead_scoring.domain.decisions import Disqualified, Nurtured, Qualified
from lead_scoring.domain.facts import LeadFact, Value
from lead_scoring.domain.leads import OpenLead
from lead_scoring.domain.receipts import Receipt, Undone, score_in
from lead_scoring.domain.scoring import Score

Texts = Mapping[str, str]
TRAIT: Final = "trait:"


def decided(
    receipt: Receipt, lead: LeadFact, texts: Texts, prospect_id: str | None
) -> ProspectQualified | LeadNurtured | LeadDisqualified:
    """A decision about a lead as it is said."""
    decision = receipt.decision
    match decision:
        case Qualified(score=score):
            return ProspectQualified.trusted(
                prospect_id=prospect_id,
                lead_id=lead.lead_id,
                **_scored(receipt, score, texts),
                **_profile(lead),
                received_at=lead.received_at,
            )
        case Nurtured(score=score, missing=missing, again_at=again_at):
            return LeadNurtured.trusted(
                lead_id=lead.lead_id,
                **_scored(receipt, score, texts),
                missing=missing,
                again_at=again_at,
            )
        case Disqualified(reason=reason):
            return LeadDisqualified.trusted(
                lead_id=lead.lead_id,
                person_id=receipt.person_id,
                receipt_id=receipt.id,
                policy_version=receipt.policy_version,
                reason=reason,
            )
        case _:
            raise TypeError("no lead was decided")


def changed(receipt: Receipt, band_before: str | None, texts: Texts) -> ScoreChanged:
    """A person's new band as it is said."""
    score = score_in(receipt.decision)
    return ScoreChanged.trusted(**_scored(receipt, score, texts), band_before=band_before)


def taken_back(receipt: Receipt, lead: OpenLead, undone: Undone) -> ProspectWithdrawn:
    """The end of what sales was told of a lead."""
    assert lead.prospect_id is not None
    return ProspectWithdrawn(
        prospect_id=lead.prospect_id,
        person_id=lead.person_id,
        reason=undone.reason,
        lead_id=lead.lead_id,
        receipt_id=receipt.id,
    )


def prospect_id_of(lead: LeadFact) -> str:
    """The id of the pursuit, if one has to be opened for this lead."""
    return derived_id(lead.event_id, "prospect")


def reasons_of(score: Score, texts: Texts) -> tuple[Reason, ...]:
    """The factors of a score in words."""
    return tuple(
        _reason(factor.rule, factor.points, texts[factor.rule]) for factor in score.factors
    )


@lru_cache(maxsize=4096)
def _reason(rule: str, points: float, text: str) -> Reason:
    """A policy has few reasons and gives them by the thousand."""
    return Reason(rule=rule, points=points, text=text)


def _scored(receipt: Receipt, score: Score, texts: Texts) -> dict[str, object]:
    return {
        "person_id": receipt.person_id,
        "receipt_id": receipt.id,
        "policy_version": receipt.policy_version,
        "model_version": receipt.model_version,
        "fit": score.fit,
        "engagement": score.engagement,
        "reasons": reasons_of(score, texts),
        "band": score.band,
        "probability": score.probability,
    }


def _profile(lead: LeadFact) -> dict[str, object]:
    known = lead.profile.attributes
    traits = {name[len(TRAIT) :]: known[name] for name in known if name.startswith(TRAIT)}
    return {
        "source_id": known["source"],
        "campaign_id": known.get("campaign"),
        "channel": _word(Channel, known.get("channel", Channel.UNKNOWN)),
        "email_kind": _word(EmailKind, known.get("email_kind", EmailKind.NONE)),
        "seniority": _word(Seniority, known.get("seniority", Seniority.UNKNOWN)),
        "country": known.get("country"),
        "traits": traits,
    }


def _word(kind: type[StrEnum], value: Value) -> StrEnum:
    """A word as it was heard just now is one already; from the database it comes as a text."""
    return value if isinstance(value, kind) else kind(str(value))
