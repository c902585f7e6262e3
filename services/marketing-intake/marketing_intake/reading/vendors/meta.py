"""Meta Lead Ads: notices of leads, several a request; the Graph API then gives the lead itself.

Source: Meta's documentation of webhooks for lead ads, and of retrieving leads.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from marketing_intake.reading.findings import (
    Broken,
    Finding,
    FoundLead,
    FoundReference,
    Ignored,
    Unreadable,
)
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.answers import consented, put, put_further, put_texts
from marketing_intake.reading.vendors.json_parts import (
    ITEMS_MAX,
    id_in,
    items_in,
    listed,
    object_in,
    parse_object,
    text_at,
    text_in,
)
from marketing_intake.reading.vendors.shape import (
    NO_CONFIG,
    BadSignature,
    Config,
    Greeting,
    Secrets,
    Vendor,
)
from marketing_intake.reading.vendors.signatures import (
    check_any,
    equals_any,
    from_hex,
    header_of,
    hmac_sha256,
)

SIGNATURE: Final = "x-hub-signature-256"
SCHEME: Final = "sha256="
DUMMY: Final = "<test lead:"
"""How the answers begin that Meta's own testing tool makes up."""
ID_CHARACTERS_MAX: Final = 64
REFERRED: Final = ("leadgen_id", "page_id", "form_id", "ad_id", "adgroup_id", "created_time")
FURTHER: Final = {
    "form_id": "form_id",
    "campaign_id": "ad_campaign_id",
    "campaign_name": "ad_campaign_name",
    "adset_id": "ad_set_id",
    "adset_name": "ad_set_name",
    "ad_id": "ad_id",
    "ad_name": "ad_name",
    "platform": "platform",
}


def verify(raw: Raw, secrets: Secrets, _config: Config, _now: datetime) -> None:
    """`sha256=` and the body's HMAC in hexadecimal; the older SHA-1 header counts for nothing."""
    given = header_of(raw, SIGNATURE)
    if not given.startswith(SCHEME):
        raise BadSignature("the signature is not of the scheme sha256")
    signature = from_hex(given.removeprefix(SCHEME))
    check_any(secrets, signature, lambda secret: hmac_sha256(secret, raw.body))


def greet(raw: Raw, _secrets: Secrets, config: Config) -> Greeting | None:
    """The challenge, to whoever knows the token that was configured as `verify_token`."""
    if raw.method != "GET" or raw.query.get("hub.mode") != "subscribe":
        return None
    token = config.get("verify_token")
    if not isinstance(token, str) or not token:
        raise BadSignature("no verify_token is configured")
    if not equals_any(raw.query.get("hub.verify_token", ""), [token]):
        raise BadSignature("hub.verify_token is not the configured one")
    challenge = raw.query.get("hub.challenge", "").encode(errors="replace")
    return Greeting(200, "text/plain; charset=utf-8", challenge, {})


def parse(raw: Raw, _config: Config) -> Sequence[Finding]:
    """A reference for each lead; its part of the body is a whole one with that change alone."""
    document = parse_object(raw.body)
    if text_in(document, "object") != "page":
        return [Ignored("not_of_a_page")]
    findings: list[Finding] = []
    for entry in items_in(document, "entry"):
        findings += _of_entry(entry)
        if len(findings) > ITEMS_MAX:
            raise Unreadable(f"entry may hold at most {ITEMS_MAX} changes", "entry")
    return findings


def lead_of(document: Mapping[str, Any], config: Config = NO_CONFIG) -> FoundLead:
    """The lead that the Graph API answers with, under the key that its notice had.

    A lead that came of no ad and was not organic was made by hand, to test. Raises `Unreadable`.
    """
    fields: dict[str, object] = {"occurred_at": document.get("created_time")}
    put_texts(fields, document, FURTHER)
    dummy = False
    for answer in items_in(document, "field_data"):
        dummy = _add(fields, answer) or dummy
    ticked = _ticked(document)
    put_further(fields, "disclaimers", ticked)
    purposes = consented(ticked, config)
    organic = document.get("is_organic") is True
    fields["is_test"] = dummy or (text_at(document, "ad_id") is None and not organic)
    return FoundLead(
        fields | ({"consent": purposes} if purposes else {}), key=id_in(document, "id")
    )


def _of_entry(entry: object) -> list[Finding]:
    if not isinstance(entry, dict):
        return [Broken("an entry must be an object", "entry", _alone(entry))]
    try:
        changes = items_in(entry, "changes")
    except Unreadable as error:
        return [Broken(error.detail, error.field, _alone(entry))]
    about = {name: entry[name] for name in ("id", "time") if _is_short(entry.get(name))}
    return [_of_change(change, _alone(about | {"changes": [change]})) for change in changes]


def _is_short(value: object) -> bool:
    """Whether a value may be repeated with each change."""
    return isinstance(value, int) or (isinstance(value, str) and len(value) <= ID_CHARACTERS_MAX)


def _alone(entry: object) -> bytes:
    return orjson.dumps({"object": "page", "entry": [entry]})


def _of_change(change: object, body: bytes) -> Finding:
    if not isinstance(change, dict):
        return Broken("a change must be an object", "changes", body)
    if change.get("field") != "leadgen":
        return Ignored("not_a_lead", body=body)
    try:
        value = object_in(change, "value")
        key = id_in(value, "leadgen_id")
    except Unreadable as error:
        return Broken(error.detail, error.field, body)
    texts = {name: text_at(value, name) for name in REFERRED}
    return FoundReference(
        {name: text for name, text in texts.items() if text is not None}, key=key, body=body
    )


def _add(fields: dict[str, object], answer: object) -> bool:
    """Whether the answer was made up by Meta's testing tool."""
    if not isinstance(answer, dict):
        raise Unreadable("field_data must hold objects", "field_data")
    values = items_in(answer, "values")
    put(fields, text_in(answer, "name"), values[0] if len(values) == 1 else values)
    return any(isinstance(value, str) and value.startswith(DUMMY) for value in values)


def _ticked(document: Mapping[str, Any]) -> dict[str, bool]:
    """Which of the form's consent boxes were ticked; Meta writes that as `1`, or as a boolean."""
    return {
        text_in(box, "checkbox_key"): str(box.get("is_checked")).lower() in ("1", "true")
        for box in listed(document, "custom_disclaimer_responses")
    }


META: Final = Vendor(
    name="meta",
    title="Meta Lead Ads",
    version=1,
    verify=verify,
    parse=parse,
    greet=greet,
    greet_methods=("GET",),
)
