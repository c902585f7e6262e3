"""Vendors of messages and events: what each says of opens, clicks, changes and people."""

from typing import Any

import pytest

from baton.contracts.vocabulary import ActivityKind, ConsentPurpose, Suspicion
from marketing_intake.reading.findings import (
    Finding,
    FoundActivity,
    FoundLead,
    Ignored,
)
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors import VENDORS
from support.message_documents import EMAIL
from support.message_samples import MESSAGES
from support.message_vendors import urlencoded

MARKETING = (ConsentPurpose.MARKETING,)


def found(name: str, config: dict[str, Any] | None = None, **more: Any) -> Finding:
    """What the vendor's sample is read as with some of its members changed."""
    sample = MESSAGES[name]
    document = sample.document(1, "Crumpet") | more
    (one,) = VENDORS[name].parse(sample.raw(document), sample.config if config is None else config)
    return one


def activity(name: str, config: dict[str, Any] | None = None, **more: Any) -> FoundActivity:
    one = found(name, config, **more)
    assert isinstance(one, FoundActivity), one
    return one


def ignored(name: str, **more: Any) -> str:
    one = found(name, **more)
    assert isinstance(one, Ignored), one
    return one.reason


@pytest.mark.parametrize(
    ("event", "kind", "withdraws"),
    [
        ("delivered", ActivityKind.EMAIL_DELIVERED, ()),
        ("open", ActivityKind.EMAIL_OPENED, ()),
        ("click", ActivityKind.EMAIL_CLICKED, ()),
        ("bounce", ActivityKind.EMAIL_BOUNCED, ()),
        ("spamreport", ActivityKind.SPAM_REPORTED, MARKETING),
        ("unsubscribe", ActivityKind.UNSUBSCRIBED, MARKETING),
        ("group_unsubscribe", ActivityKind.UNSUBSCRIBED, MARKETING),
        ("group_resubscribe", ActivityKind.SUBSCRIBED, ()),
    ],
)
def test_sendgrids_events(
    event: str, kind: ActivityKind, withdraws: tuple[ConsentPurpose, ...]
) -> None:
    one = activity("sendgrid_events", event=event, url="https://ovens.example/a")

    assert (one.kind, one.withdraws, one.message_id) == (kind, withdraws, "m1")
    assert (one.url, one.user_agent, one.ip) == (
        "https://ovens.example/a",
        "Mozilla/5.0",
        "192.0.2.1",
    )
    assert one.suspicion is None


def test_opens_that_a_vendor_calls_a_machines_are_suspicious() -> None:
    client = {"client-info": {"bot": "apple", "user-agent": "Mozilla/5.0"}}
    event = MESSAGES["mailgun_events"].document(1, "Crumpet")["event-data"] | client

    assert activity("sendgrid_events", sg_machine_open=True).suspicion is Suspicion.VENDOR_FLAG
    assert activity("sendgrid_events", sg_machine_open=False).suspicion is None
    assert activity("mailgun_events", **{"event-data": event}).suspicion is Suspicion.VENDOR_FLAG
    assert activity("mailgun_events").suspicion is None


def test_what_only_says_where_a_message_is_is_ignored() -> None:
    assert ignored("sendgrid_events", event="processed") == "processed"
    assert ignored("sendgrid_events", event="deferred") == "deferred"
    assert ignored("sendgrid_events", event="invented") == "unknown_event"
    assert ignored("postmark_events", RecordType="SMTPApiError") == "unknown_event"
    assert ignored("mailchimp", type="campaign") == "campaign"


@pytest.mark.parametrize(
    ("event", "more", "expected"),
    [
        ("opened", {}, ActivityKind.EMAIL_OPENED),
        ("failed", {"severity": "permanent"}, ActivityKind.EMAIL_BOUNCED),
        ("failed", {"severity": "temporary"}, "deferred"),
        ("complained", {}, ActivityKind.SPAM_REPORTED),
        ("unsubscribed", {}, ActivityKind.UNSUBSCRIBED),
        ("accepted", {}, "accepted"),
        ("invented", {}, "unknown_event"),
    ],
)
def test_mailguns_events(event: str, more: dict[str, Any], expected: object) -> None:
    data = MESSAGES["mailgun_events"].document(1, "Crumpet")["event-data"]

    one = found("mailgun_events", **{"event-data": data | {"event": event} | more})

    assert (one.reason if isinstance(one, Ignored) else getattr(one, "kind", None)) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"RecordType": "Delivery", "DeliveredAt": "2026-03-02T09:29:00Z"}, "email_delivered"),
        ({"RecordType": "Click", "OriginalLink": "https://ovens.example"}, "email_clicked"),
        ({"RecordType": "Bounce", "Type": "HardBounce", "Email": EMAIL}, "email_bounced"),
        ({"RecordType": "Bounce", "Type": "SoftBounce", "Email": EMAIL}, "passing_bounce"),
        ({"RecordType": "SpamComplaint", "Email": EMAIL}, "spam_reported"),
        (
            {
                "RecordType": "SubscriptionChange",
                "SuppressSending": True,
                "SuppressionReason": "ManualSuppression",
                "MessageID": None,
            },
            "unsubscribed",
        ),
        (
            {
                "RecordType": "SubscriptionChange",
                "SuppressSending": True,
                "SuppressionReason": "HardBounce",
            },
            "suppressed_after_event",
        ),
        ({"RecordType": "SubscriptionChange", "SuppressSending": False}, "reactivated"),
    ],
)
def test_postmarks_events(more: dict[str, Any], expected: str) -> None:
    one = found("postmark_events", **more)

    assert (one.reason if isinstance(one, Ignored) else getattr(one, "kind", None)) == expected
    assert EMAIL not in str(getattr(one, "key", ""))


def test_postmarks_clicks_on_two_links_are_two() -> None:
    first, second = (
        activity(
            "postmark_events", RecordType="Click", OriginalLink=f"https://ovens.example/{page}"
        )
        for page in "ab"
    )

    assert first.key != second.key


def test_mailchimps_subscriber_is_a_lead_who_consented_where_an_address_opted_in() -> None:
    lead, imported = found("mailchimp"), found("mailchimp", None, **{"data[ip_opt]": ""})

    assert isinstance(lead, FoundLead)
    assert isinstance(imported, FoundLead)
    assert lead.fields == {
        "email": EMAIL,
        "external_id": "contact-1",
        "given_name": "Ada",
        "company": "Crumpet",
        "occurred_at": "2026-03-02T09:29:00+00:00",
        "consent": [ConsentPurpose.MARKETING],
    }
    assert "consent" not in imported.fields


@pytest.mark.parametrize(
    ("more", "kind", "withdraws"),
    [
        ({"type": "unsubscribe", "data[action]": "unsub"}, ActivityKind.UNSUBSCRIBED, MARKETING),
        ({"type": "cleaned", "data[reason]": "hard"}, ActivityKind.EMAIL_BOUNCED, MARKETING),
        ({"type": "cleaned", "data[reason]": "abuse"}, ActivityKind.SPAM_REPORTED, MARKETING),
        ({"type": "profile"}, ActivityKind.IDENTIFIED, ()),
    ],
)
def test_mailchimps_changes(
    more: dict[str, Any], kind: ActivityKind, withdraws: tuple[ConsentPurpose, ...]
) -> None:
    one = activity("mailchimp", **more)

    assert (one.kind, one.withdraws) == (kind, withdraws)
    assert one.who["email"] == EMAIL
    assert EMAIL not in str(one.key)


def test_mailchimps_new_address_is_the_persons() -> None:
    document = {
        "type": "upemail",
        "fired_at": "2026-03-02 09:29:00",
        "data[new_id]": "contact-2",
        "data[new_email]": "ada@oven.example",
        "data[old_email]": EMAIL,
    }

    (one,) = VENDORS["mailchimp"].parse(
        Raw(urlencoded(document), "application/x-www-form-urlencoded"), {}
    )

    assert isinstance(one, FoundActivity)
    assert one.who == {"email": "ada@oven.example", "external_id": "contact-2"}
    assert one.details == {"old_email": EMAIL}


def test_mailchimps_validator_is_greeted() -> None:
    greet = VENDORS["mailchimp"].greet

    assert greet is not None
    assert greet(Raw(b""), [], {}) is None
    greeting = greet(Raw(b"", method="GET"), [], {})
    assert greeting is not None
    assert greeting.status == 200
