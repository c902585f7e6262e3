"""Postmark webhooks: one event a request of what happened to a message that was sent.

Nothing is signed, so a secret comes with it. Source: Postmark's documentation of its webhooks.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from baton.contracts.vocabulary import ActivityKind, ConsentPurpose
from marketing_intake.reading.findings import Finding, FoundActivity, Ignored
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.json_parts import (
    checked_id,
    parse_object,
    text_at,
    text_in,
)
from marketing_intake.reading.vendors.shape import Config, Secrets, Vendor
from marketing_intake.reading.vendors.shared_secret import check_secret
from marketing_intake.reading.vendors.times import zoned_in

TIMES: Final = {
    "Delivery": "DeliveredAt",
    "Open": "ReceivedAt",
    "Click": "ReceivedAt",
    "Bounce": "BouncedAt",
    "SpamComplaint": "BouncedAt",
    "SubscriptionChange": "ChangedAt",
}
KINDS: Final = {
    "Delivery": ActivityKind.EMAIL_DELIVERED,
    "Open": ActivityKind.EMAIL_OPENED,
    "Click": ActivityKind.EMAIL_CLICKED,
    "Bounce": ActivityKind.EMAIL_BOUNCED,
    "SpamComplaint": ActivityKind.SPAM_REPORTED,
    "SubscriptionChange": ActivityKind.UNSUBSCRIBED,
}
WITHDRAWING: Final = frozenset({ActivityKind.UNSUBSCRIBED, ActivityKind.SPAM_REPORTED})
BOUNCES: Final = frozenset({"HardBounce", "BadEmailAddress", "ManuallyDeactivated", "Blocked"})
"""The types that say the address takes no mail; the others are passing, or no bounces at all."""
DETAILS: Final = ("Tag", "MessageStream", "Type", "TypeCode", "FirstOpen", "Platform", "Metadata")


def verify(raw: Raw, secrets: Secrets, _config: Config, _now: datetime) -> None:
    """Postmark's pages take Basic credentials in the address, or further headers."""
    check_secret(raw, secrets)


def parse(raw: Raw, _config: Config) -> Sequence[Finding]:
    """One activity. Events have no id: the message, the kind and the time make the key."""
    document = parse_object(raw.body)
    name = text_in(document, "RecordType")
    if name not in KINDS:
        return [Ignored("unknown_event", text_at(document, "MessageID"))]
    happened = zoned_in(document, TIMES[name])
    key = _key(document, name, happened)
    reason = _why_ignored(document, name)
    if reason is not None:
        return [Ignored(reason, key)]
    kind = KINDS[name]
    address = "Email" if name in ("Bounce", "SpamComplaint") else "Recipient"
    return [
        FoundActivity(
            kind,
            who={"email": text_in(document, address)},
            key=key,
            occurred_at=happened,
            message_id=text_at(document, "MessageID"),
            url=text_at(document, "OriginalLink"),
            user_agent=text_at(document, "UserAgent"),
            ip=_ip(document),
            withdraws=(ConsentPurpose.MARKETING,) if kind in WITHDRAWING else (),
            details={name: document[name] for name in DETAILS if document.get(name) is not None},
        )
    ]


def _why_ignored(document: Mapping[str, Any], name: str) -> str | None:
    if name == "Bounce" and document.get("Type") not in BOUNCES:
        return "passing_bounce"
    if name != "SubscriptionChange":
        return None
    if document.get("SuppressSending") is not True:
        return "reactivated"
    # A bounce or complaint that suppresses an address is an event of its own.
    if document.get("SuppressionReason") in ("HardBounce", "SpamComplaint"):
        return "suppressed_after_event"
    return None


def _key(document: Mapping[str, Any], name: str, happened: str | None) -> str:
    """The message's id is missing where somebody was suppressed by hand."""
    message = text_at(document, "MessageID") or "by_hand"
    rest = [text_at(document, field) or "" for field in ("ID", "OriginalLink", "Recipient")]
    digest = sha256("\n".join([happened or "", *rest]).encode()).hexdigest()[:16]
    return checked_id(f"{name} {message} {digest}", "MessageID")


def _ip(document: Mapping[str, Any]) -> str | None:
    place = document.get("Geo")
    return text_at(place, "IP") if isinstance(place, Mapping) else None


POSTMARK_EVENTS: Final = Vendor(
    name="postmark_events",
    title="Postmark webhooks",
    version=1,
    verify=verify,
    parse=parse,
)
