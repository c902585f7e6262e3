"""Segment: messages of its tracking API, one or a batch a request, signed over the raw body.

Sources: Segment's documentation of the webhooks destination and of its common fields and calls.
"""

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any, Final

import orjson

from baton.contracts.vocabulary import ActivityKind
from marketing_intake.reading.findings import (
    Finding,
    FoundActivity,
    FoundDeletion,
    FoundLead,
    Ignored,
    Unreadable,
)
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.json_parts import (
    checked_id,
    items_in,
    parse_json,
    parse_objects,
    read_each,
    text_at,
    text_in,
)
from marketing_intake.reading.vendors.segment_people import campaign_of, inner, lead_fields, who
from marketing_intake.reading.vendors.shape import Config, Secrets, Vendor
from marketing_intake.reading.vendors.shared_secret import check_secret
from marketing_intake.reading.vendors.signatures import check_any, from_hex, header_of
from marketing_intake.reading.vendors.times import zoned_in

SIGNATURE: Final = "x-signature"
CALLS: Final = {
    "identify": ActivityKind.IDENTIFIED,
    "alias": ActivityKind.IDENTIFIED,
    "group": ActivityKind.IDENTIFIED,
    "page": ActivityKind.PAGE_VIEWED,
    "screen": ActivityKind.PAGE_VIEWED,
    "track": ActivityKind.OTHER,
}
EVENTS: Final = {
    # The names of Segment's own specifications of events.
    "Signed Up": ActivityKind.SIGNED_UP,
    "Account Created": ActivityKind.SIGNED_UP,
    "Trial Started": ActivityKind.TRIAL_STARTED,
    "Email Delivered": ActivityKind.EMAIL_DELIVERED,
    "Email Opened": ActivityKind.EMAIL_OPENED,
    "Email Link Clicked": ActivityKind.EMAIL_CLICKED,
    "Email Bounced": ActivityKind.EMAIL_BOUNCED,
    "Email Marked as Spam": ActivityKind.SPAM_REPORTED,
    "Unsubscribed": ActivityKind.UNSUBSCRIBED,
}
KINDS: Final = frozenset(ActivityKind)


def verify(raw: Raw, secrets: Secrets, _config: Config, _now: datetime) -> None:
    """`X-Signature`, the hex HMAC-SHA1 of the body; without it the secret itself, as a write key
    comes with Segment's own API. It has no time: replays meet the message ids.
    """
    if SIGNATURE not in raw.headers:
        check_secret(raw, secrets)
        return
    given = from_hex(header_of(raw, SIGNATURE))
    check_any(secrets, given, lambda secret: hmac.digest(secret.encode(), raw.body, "sha1"))


def parse(raw: Raw, config: Config) -> Sequence[Finding]:
    """An activity a message; a track event that `leads` of the configuration lists is a lead.

    `events` says which kind of activity a track event is, by its name; others are of the kind
    `other` under their name.
    """
    document = parse_json(raw.body)
    is_batch = isinstance(document, dict) and "batch" in document
    items = items_in(document, "batch") if is_batch else parse_objects(raw.body)
    return read_each(items, partial(_read, config))


def _read(config: Config, message: Mapping[str, Any]) -> Finding:
    kind, body = text_in(message, "type"), orjson.dumps(message)
    key = checked_id(text_at(message, "messageId") or sha256(body).hexdigest(), "messageId")
    if kind == "delete":
        return FoundDeletion(lead_key=text_in(message, "userId"), key=key, body=body)
    if kind not in CALLS:
        return Ignored("unknown_event", key, body)
    event = text_in(message, "event") if kind == "track" else None
    happened = zoned_in(message, "timestamp") or zoned_in(message, "originalTimestamp")
    if event is not None and event in _listed(config, "leads"):
        fields = lead_fields(message) | {"event": event, "occurred_at": happened}
        return FoundLead(fields, key, body)
    if not who(message, kind):
        raise Unreadable("userId or anonymousId must be there", "userId")
    return _activity(message, kind, _kind(config, kind, event), key=key, happened=happened)


def _activity(
    message: Mapping[str, Any],
    call: str,
    kind: ActivityKind,
    *,
    key: str,
    happened: str | None,
) -> FoundActivity:
    context = inner(message, "context")
    properties = inner(message, "properties")
    page = inner(context, "page")
    return FoundActivity(
        kind,
        who=who(message, call),
        key=key,
        occurred_at=happened,
        name=text_at(message, "event") or text_at(message, "name") or call,
        campaign=campaign_of(context),
        message_id=text_at(properties, "email_id") or text_at(properties, "message_id"),
        url=text_at(properties, "url") or text_at(properties, "link_url") or text_at(page, "url"),
        user_agent=text_at(context, "userAgent"),
        ip=text_at(context, "ip"),
        details=properties or inner(message, "traits"),
        body=orjson.dumps(message),
    )


def _kind(config: Config, call: str, event: str | None) -> ActivityKind:
    if event is None:
        return CALLS[call]
    given = config.get("events")
    configured = given.get(event) if isinstance(given, Mapping) else None
    if isinstance(configured, str) and configured in KINDS:
        return ActivityKind(configured)
    return EVENTS.get(event, CALLS[call])


def _listed(config: Config, name: str) -> Sequence[object]:
    value = config.get(name)
    return value if isinstance(value, list | tuple) else ()


SEGMENT: Final = Vendor(name="segment", title="Segment", version=1, verify=verify, parse=parse)
