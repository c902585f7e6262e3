"""SendGrid Event Webhook: an array of what happened to messages that were sent.

Sources: Twilio's documentation of the Event Webhook and its security features.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import orjson

from baton.contracts.vocabulary import ActivityKind, ConsentPurpose, Suspicion
from marketing_intake.reading.findings import Finding, FoundActivity, Ignored
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.ecdsa_keys import check_ecdsa
from marketing_intake.reading.vendors.json_parts import (
    id_in,
    parse_objects,
    read_each,
    text_at,
    text_in,
)
from marketing_intake.reading.vendors.shape import BadSignature, Config, Secrets, Vendor
from marketing_intake.reading.vendors.signatures import check_age
from marketing_intake.reading.vendors.times import seconds_in

KINDS: Final = {
    "delivered": ActivityKind.EMAIL_DELIVERED,
    "open": ActivityKind.EMAIL_OPENED,
    "click": ActivityKind.EMAIL_CLICKED,
    "bounce": ActivityKind.EMAIL_BOUNCED,
    "spamreport": ActivityKind.SPAM_REPORTED,
    "unsubscribe": ActivityKind.UNSUBSCRIBED,
    "group_unsubscribe": ActivityKind.UNSUBSCRIBED,
    "group_resubscribe": ActivityKind.SUBSCRIBED,
}
WITHDRAWING: Final = frozenset({ActivityKind.UNSUBSCRIBED, ActivityKind.SPAM_REPORTED})
ON_THE_WAY: Final = frozenset({"processed", "deferred", "dropped"})
CAMPAIGNS: Final = ("singlesend_name", "mc_auto_name", "marketing_campaign_name")
DETAILS: Final = ("reason", "status", "type", "category", "asm_group_id", "bounce_classification")


def verify(raw: Raw, secrets: Secrets, config: Config, now: datetime) -> None:
    """The active secrets are the verification keys of SendGrid's pages.

    A replay meets the event ids; `tolerance_seconds` of the configuration refuses old ones too.
    It is off without that, because SendGrid tries again for a day.
    """
    timestamp = check_ecdsa(raw, secrets)
    tolerance = config.get("tolerance_seconds")
    if isinstance(tolerance, int) and tolerance > 0:
        if not timestamp.isdecimal() or len(timestamp) > 11:
            raise BadSignature("the timestamp is not a time in seconds")
        check_age(int(timestamp), now, timedelta(seconds=tolerance))


def parse(raw: Raw, _config: Config) -> Sequence[Finding]:
    """An activity an event, under `sg_event_id`; what only says where a message is, is ignored."""
    return read_each(parse_objects(raw.body), _read)


def _read(event: Mapping[str, Any]) -> Finding:
    name, key, body = text_in(event, "event"), id_in(event, "sg_event_id"), orjson.dumps(event)
    kind = KINDS.get(name)
    if kind is None:
        return Ignored(name if name in ON_THE_WAY else "unknown_event", key, body)
    return FoundActivity(
        kind,
        who={"email": text_in(event, "email")},
        key=key,
        occurred_at=seconds_in(event, "timestamp"),
        campaign=next((text for name in CAMPAIGNS if (text := text_at(event, name))), None),
        message_id=_message_id(event),
        url=text_at(event, "url"),
        user_agent=text_at(event, "useragent"),
        ip=text_at(event, "ip"),
        suspicion=Suspicion.VENDOR_FLAG if event.get("sg_machine_open") is True else None,
        withdraws=(ConsentPurpose.MARKETING,) if kind in WITHDRAWING else (),
        details={name: event[name] for name in DETAILS if event.get(name) is not None},
        body=body,
    )


def _message_id(event: Mapping[str, Any]) -> str | None:
    """What stands before the first dot is the message's; behind it stands the server's."""
    given = text_at(event, "sg_message_id")
    return given.partition(".")[0] or None if given else None


SENDGRID_EVENTS: Final = Vendor(
    name="sendgrid_events",
    title="SendGrid Event Webhook",
    version=1,
    verify=verify,
    parse=parse,
)
