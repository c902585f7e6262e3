"""Heard facts as domain values; nothing is decided here."""

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.marketing import (
    ActivityRecorded,
    ActivityRetracted,
    ConsentChanged,
    LeadCaptured,
    LeadEnriched,
    PeopleMerged,
    PeopleUnmerged,
)
from baton.contracts.vocabulary import Channel, ConsentPurpose, Department, EmailKind, Seniority
from lead_scoring.domain.facts import (
    ActivityFact,
    Enrichment,
    LeadFact,
    Profile,
    Retraction,
    Value,
)
from lead_scoring.domain.people import ConsentChange, Merge


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
        company_id=data.company_id,
    )


def activity_of(event: Event[Fact], data: ActivityRecorded) -> ActivityFact:
    """Something that a person did, or what is held to be a machine's."""
    attributes: dict[str, Value] = {"source": data.source_id}
    if data.campaign_id is not None:
        attributes["campaign"] = data.campaign_id
    if data.call_to_action is not None:
        attributes["call_to_action"] = data.call_to_action
    if data.channel is not Channel.UNKNOWN:
        attributes["channel"] = data.channel
    attributes |= {f"trait:{name}": value for name, value in data.traits.items()}
    return ActivityFact(
        activity_id=data.activity_id,
        event_id=event.id,
        person_id=data.person_id,
        happened_at=event.happened_at,
        kind=data.kind,
        profile=Profile(attributes, frozenset()),
        is_machine=data.suspicion is not None,
    )


def retraction_of(event: Event[Fact], data: ActivityRetracted) -> Retraction:
    """An activity that did not happen."""
    return Retraction(data.activity_id, event.id, data.person_id)


def enrichment_of(event: Event[Fact], data: LeadEnriched) -> Enrichment:
    """What was found out."""
    return Enrichment(
        event_id=event.id,
        lead_id=data.lead_id,
        person_id=data.person_id,
        happened_at=event.happened_at,
        attributes={f"trait:{name}": value for name, value in data.traits.items()},
        company_id=data.company_id,
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
    return attributes | _rarer_attributes(data)


def _rarer_attributes(data: LeadCaptured) -> dict[str, Value]:
    attributes: dict[str, Value] = {f"trait:{name}": one for name, one in data.traits.items()}
    if data.department is not Department.UNKNOWN:
        attributes["department"] = data.department
    if data.call_to_action is not None:
        attributes["call_to_action"] = data.call_to_action
    if data.is_returning:
        attributes["is_returning"] = True
    return attributes
