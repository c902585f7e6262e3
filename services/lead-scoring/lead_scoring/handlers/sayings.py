"""Domain values as the facts that others hear, and heard facts as domain values; no decisions."""

from collections.abc import Mapping
from functools import lru_cache

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.marketing import ConsentChanged, LeadCaptured, PeopleMerged, PeopleUnmerged
from baton.contracts.scoring import LeadDisqualified, LeadNurtured, ProspectQualified, Reason
from baton.contracts.vocabulary import Channel, ConsentPurpose, EmailKind, Seniority
from baton.ids import derived_id
from lead_scoring.domain.decisions import Disqualified, Nurtured, Qualified
from lead_scoring.domain.facts import LeadFact, Profile, Value
from lead_scoring.domain.people import ConsentChange, Merge
from lead_scoring.domain.receipts import Receipt
from lead_scoring.domain.scoring import Score

Texts = Mapping[str, str]


def fact_of(event: Event[Fact], data: LeadCaptured) -> LeadFact:
    """A captured lead as the fact that is kept of it."""
    return LeadFact(
        lead_id=data.lead_id,
        event_id=event.id,
        person_id=data.person_id,
        happened_at=event.happened_at,
        received_at=data.received_at,
        is_test=data.is_test,
        consent=frozenset(data.consent),
        profile=Profile(_attributes(data), frozenset(data.fields)),
    )


def consent_of(event: Event[Fact], data: ConsentChanged) -> ConsentChange:
    """What a person said about consent."""
    return ConsentChange(
        event_id=event.id,
        person_id=data.person_id,
        version=data.version,
        grants_contact=ConsentPurpose.CONTACT in data.granted,
        happened_at=event.happened_at,
    )


def merge_of(data: PeopleMerged | PeopleUnmerged) -> Merge:
    """A merge, or the end of one."""
    is_active = isinstance(data, PeopleMerged)
    return Merge(data.merge_id, data.version, is_active, frozenset(data.member_ids))


def decided(
    receipt: Receipt, data: LeadCaptured, texts: Texts
) -> ProspectQualified | LeadNurtured | LeadDisqualified:
    """A decision as it is said."""
    match receipt.decision:
        case Qualified(score=score):
            return _qualified(receipt, data, score, texts)
        case Nurtured(score=score, missing=missing):
            return LeadNurtured(
                lead_id=receipt.lead_id,
                person_id=receipt.person_id,
                receipt_id=receipt.id,
                policy_version=receipt.policy_version,
                fit=score.fit,
                engagement=score.engagement,
                reasons=reasons_of(score, texts),
                missing=missing,
            )
        case Disqualified(reason=reason):
            return LeadDisqualified(
                lead_id=receipt.lead_id,
                person_id=receipt.person_id,
                receipt_id=receipt.id,
                policy_version=receipt.policy_version,
                reason=reason,
            )


def prospect_id_of(receipt: Receipt) -> str:
    """The id of the pursuit, if one has to be opened for this lead."""
    return derived_id(receipt.id, "prospect")


def reasons_of(score: Score, texts: Texts) -> tuple[Reason, ...]:
    """The factors of a score in words."""
    return tuple(
        _reason(factor.rule, factor.points, texts[factor.rule]) for factor in score.factors
    )


@lru_cache(maxsize=4096)
def _reason(rule: str, points: float, text: str) -> Reason:
    """A policy has few reasons and gives them by the thousand."""
    return Reason(rule=rule, points=points, text=text)


def _qualified(
    receipt: Receipt, data: LeadCaptured, score: Score, texts: Texts
) -> ProspectQualified:
    # All of it was checked when it was heard; validating it again costs as much as deciding it.
    return ProspectQualified.trusted(
        prospect_id=prospect_id_of(receipt),
        person_id=data.person_id,
        lead_id=data.lead_id,
        receipt_id=receipt.id,
        policy_version=receipt.policy_version,
        fit=score.fit,
        engagement=score.engagement,
        reasons=reasons_of(score, texts),
        source_id=data.source_id,
        campaign_id=data.campaign_id,
        channel=data.channel,
        email_kind=data.email_kind,
        seniority=data.seniority,
        country=data.country,
        traits=data.traits,
        received_at=data.received_at,
    )


def _attributes(data: LeadCaptured) -> dict[str, Value]:
    """The attributes that are known; an unknown one has no place among them."""
    attributes: dict[str, Value] = {"source": data.source_id}
    if data.campaign_id is not None:
        attributes["campaign"] = data.campaign_id
    if data.channel is not Channel.UNKNOWN:
        attributes["channel"] = data.channel
    if data.email_kind is not EmailKind.NONE:
        attributes["email_kind"] = data.email_kind
    if data.seniority is not Seniority.UNKNOWN:
        attributes["seniority"] = data.seniority
    if data.country is not None:
        attributes["country"] = data.country
    for name, value in data.traits.items():
        attributes[f"trait:{name}"] = value
    return attributes
