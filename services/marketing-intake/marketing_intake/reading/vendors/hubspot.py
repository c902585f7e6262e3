"""HubSpot: an array of events about contacts, signed over method, address, body and time (v3).

A contact that was created is a lead; its events carry no answers, so each change of a property is
an activity, which identifies the contact when the property says who it is. Everything else that an
app may subscribe to is ignored. Source: HubSpot's developer documentation of webhooks.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from baton.contracts.vocabulary import ActivityKind
from marketing_intake.reading.findings import (
    Finding,
    FoundActivity,
    FoundDeletion,
    FoundLead,
    Ignored,
)
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.answers import known_name, moment, put_known
from marketing_intake.reading.vendors.json_parts import id_in, parse_objects, read_each, text_at
from marketing_intake.reading.vendors.shape import Config, Secrets, Vendor
from marketing_intake.reading.vendors.signatures import (
    check_age_in_milliseconds,
    check_any,
    from_base64,
    from_hex,
    header_of,
    hmac_sha256,
)

SIGNATURE: Final = "x-hubspot-signature-v3"
TIMESTAMP: Final = "x-hubspot-request-timestamp"
OLD_SIGNATURE: Final = "x-hubspot-signature"
CONTACT_TYPE: Final = "0-1"
SIGNED_DECODED: Final = re.compile("%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)
"""The escapes that HubSpot decodes before it signs an address; all others stay."""


def verify(raw: Raw, secrets: Secrets, config: Config, now: datetime) -> None:
    """v3; v1 only when it is allowed and v3 was not sent, so that nobody can choose the weaker."""
    if SIGNATURE not in raw.headers and config.get("allow_v1") is True:
        _verify_old(raw, secrets)
        return
    signature = from_base64(header_of(raw, SIGNATURE))
    sent_at = header_of(raw, TIMESTAMP)
    check_age_in_milliseconds(sent_at, now)
    address = SIGNED_DECODED.sub(lambda escape: chr(int(escape[1], 16)), raw.url)
    signed = b"%b%b%b%b" % (
        *(raw.method.encode(), address.encode(errors="surrogatepass")),
        *(raw.body, sent_at.encode()),
    )
    check_any(secrets, signature, lambda secret: hmac_sha256(secret, signed))


def parse(raw: Raw, _config: Config) -> Sequence[Finding]:
    """A finding for each event; a repetition has the same key, whatever its `attemptNumber`."""
    return read_each(parse_objects(raw.body), _finding)


def _verify_old(raw: Raw, secrets: Secrets) -> None:
    """v1 hashes the secret and then the body: no time, and whoever saw one body can lengthen it."""
    signature = from_hex(header_of(raw, OLD_SIGNATURE))
    check_any(
        secrets, signature, lambda secret: hashlib.sha256(secret.encode() + raw.body).digest()
    )


def _finding(event: Mapping[str, Any]) -> Finding:
    kind = id_in(event, "subscriptionType")
    portal, event_id = id_in(event, "portalId"), id_in(event, "eventId")
    body = orjson.dumps(event)
    subject, _, change = kind.partition(".")
    if subject == "object" and text_at(event, "objectTypeId") == CONTACT_TYPE:
        subject = "contact"
    if subject != "contact":
        return Ignored("not_a_contact", f"{portal}:{event_id}:{kind}", body)
    contact = f"{portal}:{id_in(event, 'objectId')}"
    # HubSpot does not promise that an event's id is unique, so that what it is about joins it.
    key = f"{contact}:{event_id}:{change}"
    match change:
        case "creation":
            # A contact is created once: keyed by it, a later deletion finds the lead.
            return FoundLead(_fields(event, contact), key=_lead_key(contact), body=body)
        case "propertyChange":
            return _change(event, contact, key)
        case "privacyDeletion":
            return FoundDeletion(lead_key=_lead_key(contact), key=key, body=body)
        case _:
            return Ignored("no_news_of_a_contact", key, body)


def _lead_key(contact: str) -> str:
    return f"{contact}:creation"


def _fields(event: Mapping[str, Any], contact: str) -> dict[str, object]:
    """A contact's id counts within its portal, and an app may be installed in several."""
    fields: dict[str, object] = {"external_id": contact, "occurred_at": moment(event, "occurredAt")}
    source = text_at(event, "changeSource")
    return fields | ({"change_source": source} if source else {})


def _change(event: Mapping[str, Any], contact: str, key: str) -> FoundActivity:
    name, value = id_in(event, "propertyName"), event.get("propertyValue")
    who: dict[str, object] = {"external_id": contact}
    known = known_name(name)
    identifies = known is not None and put_known(who, known, value)
    return FoundActivity(
        kind=ActivityKind.IDENTIFIED if identifies else ActivityKind.OTHER,
        who=who,
        key=f"{key}:{name}",
        occurred_at=moment(event, "occurredAt"),
        name=f"changed {name}",
        details={} if identifies else {name: value},
        body=orjson.dumps(event),
    )


HUBSPOT: Final = Vendor(name="hubspot", title="HubSpot", version=1, verify=verify, parse=parse)
