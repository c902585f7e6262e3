"""Typeform: one `form_response` a request, signed over the raw body; fields are named by `ref`.

Source: Typeform's developer documentation of webhooks.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from marketing_intake.reading.findings import Finding, FoundLead, Ignored
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.answers import put, put_as, put_texts
from marketing_intake.reading.vendors.json_parts import (
    id_in,
    listed,
    object_in,
    parse_object,
    text_at,
)
from marketing_intake.reading.vendors.shape import BadSignature, Config, Secrets, Vendor
from marketing_intake.reading.vendors.signatures import (
    check_any,
    from_base64,
    header_of,
    hmac_sha256,
)

SIGNATURE: Final = "typeform-signature"
SCHEME: Final = "sha256="
BY_TYPE: Final = {"email": "email", "phone_number": "phone"}


def verify(raw: Raw, secrets: Secrets, _config: Config, _now: datetime) -> None:
    """`sha256=` and the base64 of the body's HMAC. It has no time: replays meet the token."""
    given = header_of(raw, SIGNATURE)
    if not given.startswith(SCHEME):
        raise BadSignature("the signature is not of the scheme sha256")
    signature = from_base64(given.removeprefix(SCHEME))
    check_any(secrets, signature, lambda secret: hmac_sha256(secret, raw.body))


def parse(raw: Raw, _config: Config) -> Sequence[Finding]:
    """One lead; an answer is a field under its `ref`, an e-mail or phone also under that name."""
    document = parse_object(raw.body)
    if document.get("event_type") != "form_response":
        return [Ignored("not_a_form_response", text_at(document, "event_id"))]
    response = object_in(document, "form_response")
    key = id_in(response, "token")
    fields: dict[str, object] = {"occurred_at": response.get("submitted_at")}
    put_texts(fields, response, {"form_id": "form_id"})
    for answer in listed(response, "answers"):
        _add(fields, answer)
    # Hidden fields stand in the form's address: what somebody has typed goes before them.
    for name, value in _hidden(response).items():
        put(fields, name, value)
    return [FoundLead(fields, key=key)]


def _hidden(response: Mapping[str, Any]) -> Mapping[str, Any]:
    return object_in(response, "hidden") if response.get("hidden") is not None else {}


def _add(fields: dict[str, object], answer: Mapping[str, Any]) -> None:
    kind = text_at(answer, "type") or ""
    value = _value(answer.get(kind))
    field = answer.get("field")
    named = field if isinstance(field, Mapping) else {}
    ref = text_at(named, "ref") or text_at(named, "id") or kind
    if kind in BY_TYPE:
        put_as(fields, BY_TYPE[kind], ref, value)
    else:
        put(fields, ref, value)


def _value(value: object) -> object:
    """The labels of choices, and everything else as it is."""
    match value:
        case {"labels": labels, "other": other} if isinstance(labels, list):
            return [*labels, other]
        case {"labels": labels}:
            return labels
        case {"label": label}:
            return label
        case {"other": other}:
            return other
        case _:
            return value


TYPEFORM: Final = Vendor(name="typeform", title="Typeform", version=1, verify=verify, parse=parse)
