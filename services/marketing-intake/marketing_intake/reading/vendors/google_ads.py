"""Google Ads lead forms: one lead a request, its key in the body; columns are named by id.

Source: Google's documentation of the lead form webhook.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from marketing_intake.reading.findings import Finding, FoundLead, Unreadable
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.answers import put, put_known, put_texts
from marketing_intake.reading.vendors.json_parts import (
    id_in,
    items_in,
    parse_object,
    text_at,
)
from marketing_intake.reading.vendors.shape import BadSignature, Config, Secrets, Vendor
from marketing_intake.reading.vendors.signatures import equals_any

KEY: Final = "google_key"
MARKER: Final = "[redacted]"
MARKED: Final = rb'\1"%b"' % MARKER.encode()
KEY_WRITTEN: Final = re.compile(rb'("google_key"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.DOTALL)
"""The key's name and value as written, also where a body breaks off within the value."""
KEY_MISWRITTEN: Final = re.compile(rb'("google_key"\s*+:\s*+)(?!")[^,}]*')
"""A value that is no text, in a body that is no JSON."""
FURTHER: Final = {
    "form_id": "form_id",
    "campaign_id": "ad_campaign_id",
    "adgroup_id": "ad_group_id",
    "creative_id": "ad_creative_id",
    "asset_group_id": "ad_asset_group_id",
}


def verify(raw: Raw, secrets: Secrets, _config: Config, _now: datetime) -> None:
    """Google signs nothing: its key in the body is all there is. Raises `Unreadable` too."""
    given = parse_object(raw.body).get(KEY)
    if not isinstance(given, str) or not given:
        raise BadSignature("google_key is missing")
    if not equals_any(given, secrets):
        raise BadSignature("google_key is not any active secret")


def parse(raw: Raw, _config: Config) -> Sequence[Finding]:
    """One lead, under Google's `lead_id`; ids stay text, for they are longer than some numbers.

    Tests share one id: each is known by its bytes, and hides neither another nor a lead.
    """
    document = parse_object(raw.body)
    lead_id, is_test = id_in(document, "lead_id"), document.get("is_test") is True
    fields: dict[str, object] = {"is_test": is_test}
    put_texts(fields, document, FURTHER)
    for column in items_in(document, "user_column_data"):
        _add(fields, column)
    put_known(fields, "gclid", document.get("gcl_id"))
    return [FoundLead(fields, key=None if is_test else lead_id)]


def redact(body: bytes) -> bytes:
    """The body with a marker where the key stood; every other byte stays, if it can.

    A key that is no text, or whose name has escapes, is not found as written: then the body is
    rewritten.
    """
    marked = KEY_WRITTEN.sub(MARKED, body)
    try:
        document: Mapping[str, Any] = parse_object(marked)
    except Unreadable:
        return KEY_MISWRITTEN.sub(MARKED, marked)
    if document.get(KEY, MARKER) == MARKER:
        return marked
    return orjson.dumps({**document, KEY: MARKER})


def _add(fields: dict[str, object], column: object) -> None:
    if not isinstance(column, dict):
        raise Unreadable("user_column_data must hold objects", "user_column_data")
    name = text_at(column, "column_id") or text_at(column, "column_name")
    if name is None:
        raise Unreadable("column_id must be a text", "column_id")
    put(fields, name, column.get("string_value"))


GOOGLE_ADS: Final = Vendor(
    name="google_ads",
    title="Google Ads lead forms",
    version=1,
    verify=verify,
    parse=parse,
    redact=redact,
    body_bytes_max=1024 * 1024,
)
