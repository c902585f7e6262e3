"""HubSpot: whose contact an event is about, and what becomes of it."""

import base64
from dataclasses import replace

import pytest

from baton.contracts.vocabulary import ActivityKind
from marketing_intake.reading.findings import (
    Finding,
    FoundActivity,
    FoundDeletion,
    FoundLead,
    Ignored,
)
from marketing_intake.reading.lead_form import LeadForm
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.hubspot import HUBSPOT
from marketing_intake.reading.vendors.shape import NO_CONFIG, BadSignature
from support.form_samples import SAMPLES
from support.form_vendors import NOW, mac, milliseconds, with_header


def hubspot(**more: object) -> Finding:
    document = SAMPLES["hubspot"].document(1, "Crumpet") | more
    (found,) = HUBSPOT.parse(SAMPLES["hubspot"].raw(document), NO_CONFIG)
    return found


def test_hubspots_new_contact_is_a_lead_that_its_deletion_finds() -> None:
    created = hubspot(subscriptionType="contact.creation")
    newer = hubspot(subscriptionType="object.creation", objectTypeId="0-1", eventId=1)
    deleted = hubspot(subscriptionType="contact.privacyDeletion")

    assert isinstance(created, FoundLead)
    assert created.fields["external_id"] == "990:7001"
    assert LeadForm.model_validate(dict(created.fields)).occurred_at == NOW
    assert isinstance(newer, FoundLead)
    assert isinstance(deleted, FoundDeletion)
    assert deleted.lead_key == created.key == newer.key


def test_hubspots_changes_identify_or_are_told() -> None:
    email = hubspot(propertyName="email", propertyValue="ada@crumpet.example")
    stage = hubspot(propertyName="lifecyclestage", propertyValue="customer")

    assert isinstance(email, FoundActivity)
    assert isinstance(stage, FoundActivity)
    assert (email.kind, stage.kind) == (ActivityKind.IDENTIFIED, ActivityKind.OTHER)
    assert email.who == {"external_id": "990:7001", "email": "ada@crumpet.example"}
    assert stage.who == {"external_id": "990:7001"}
    assert stage.details == {"lifecyclestage": "customer"}
    assert email.key != stage.key


def test_hubspots_retry_has_the_same_key_and_another_portal_another() -> None:
    first, again, elsewhere = hubspot(), hubspot(attemptNumber=3), hubspot(portalId=991)

    assert isinstance(first, FoundActivity)
    assert isinstance(again, FoundActivity)
    assert isinstance(elsewhere, FoundActivity)
    assert first.key == again.key != elsewhere.key


@pytest.mark.parametrize("kind", ["company.creation", "deal.propertyChange", "contact.merge", "x"])
def test_what_hubspot_says_of_others_is_ignored(kind: str) -> None:
    assert isinstance(hubspot(subscriptionType=kind), Ignored)


def test_hubspot_signs_the_address_as_decoded_in_part() -> None:
    sent_at = milliseconds(NOW)
    signed = f"POSThttps://x.example/a:b/c?d=(e)%20%26%253A&f=@*,;!$'/?[]{sent_at}"
    raw = with_header(
        Raw(
            b"[]",
            url="https://x.example/a%3ab%2Fc?d=%28e%29%20%26%253A&f=%40%2A%2C%3B%21%24%27%2f%3F",
        ),
        x_hubspot_signature_v3=base64.b64encode(mac("secret", signed.encode())).decode(),
        x_hubspot_request_timestamp=sent_at,
    )

    HUBSPOT.verify(raw, ["secret"], NO_CONFIG, NOW)
    with pytest.raises(BadSignature):
        HUBSPOT.verify(replace(raw, method="PUT"), ["secret"], NO_CONFIG, NOW)
