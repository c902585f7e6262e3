"""Mailgun webhooks: one event a request of what happened to a message that was sent.

Source: Mailgun's documentation of webhooks and their payloads.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from baton.contracts.vocabulary import ActivityKind, ConsentPurpose, Suspicion
from marketing_intake.reading.findings import Finding, FoundActivity, Ignored, Unreadable
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.json_parts import (
    id_in,
    object_in,
    parse_object,
    text_at,
    text_in,
)
from marketing_intake.reading.vendors.mailgun_signing import check_triple
from marketing_intake.reading.vendors.shape import Config, Secrets, Vendor
from marketing_intake.reading.vendors.times import seconds_in

KINDS: Final = {
    "delivered": ActivityKind.EMAIL_DELIVERED,
    "opened": ActivityKind.EMAIL_OPENED,
    "clicked": ActivityKind.EMAIL_CLICKED,
    "failed": ActivityKind.EMAIL_BOUNCED,
    "unsubscribed": ActivityKind.UNSUBSCRIBED,
    "complained": ActivityKind.SPAM_REPORTED,
}
WITHDRAWING: Final = frozenset({ActivityKind.UNSUBSCRIBED, ActivityKind.SPAM_REPORTED})
ON_THE_WAY: Final = frozenset({"accepted", "stored", "rejected"})
DETAILS: Final = ("reason", "severity", "tags", "delivery-status", "campaigns")


def verify(raw: Raw, secrets: Secrets, config: Config, now: datetime) -> None:
    """The triple stands in the body, under `signature`."""
    check_triple(object_in(parse_object(raw.body), "signature"), secrets, config, now)


def once(raw: Raw) -> str | None:
    """The token, with which only one request may come."""
    with suppress(Unreadable):
        return text_at(object_in(parse_object(raw.body), "signature"), "token")
    return None


def parse(raw: Raw, _config: Config) -> Sequence[Finding]:
    """One activity, under the event's id; a failure that Mailgun will try again is ignored."""
    event = object_in(parse_object(raw.body), "event-data")
    name, key = text_in(event, "event"), id_in(event, "id")
    if name == "failed" and event.get("severity") == "temporary":
        return [Ignored("deferred", key)]
    kind = KINDS.get(name)
    if kind is None:
        return [Ignored(name if name in ON_THE_WAY else "unknown_event", key)]
    return [_activity(event, kind, key)]


def _activity(event: Mapping[str, Any], kind: ActivityKind, key: str) -> FoundActivity:
    client = _inner(event, "client-info")
    return FoundActivity(
        kind,
        who={"email": text_in(event, "recipient")},
        key=key,
        occurred_at=seconds_in(event, "timestamp"),
        message_id=text_at(_inner(_inner(event, "message"), "headers"), "message-id"),
        url=text_at(event, "url"),
        user_agent=text_at(client, "user-agent"),
        ip=text_at(event, "ip"),
        suspicion=Suspicion.VENDOR_FLAG if client.get("bot") else None,
        withdraws=(ConsentPurpose.MARKETING,) if kind in WITHDRAWING else (),
        details={name: event[name] for name in DETAILS if event.get(name) is not None},
    )


def _inner(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = document.get(name)
    return value if isinstance(value, Mapping) else {}


MAILGUN_EVENTS: Final = Vendor(
    name="mailgun_events",
    title="Mailgun webhooks",
    version=1,
    verify=verify,
    parse=parse,
    once=once,
)
