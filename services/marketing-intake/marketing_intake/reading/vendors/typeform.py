"""Typeform: one `form_response` a request, signed over the raw body; fields are named by `ref`.

Source: Typeform's developer documentation of webhooks.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from marketing_intake.reading.findings import Finding, FoundLead, Ignored
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.json_parts import listed, object_in, parse_object, text_at
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
    fields: dict[str, object] = dict(response.get("hidden") or {})
    for answer in listed(response, "answers"):
        _add(fields, answer)
    fields["occurred_at"] = response.get("submitted_at")
    return [FoundLead(fields, key=text_at(response, "token"))]


def _add(fields: dict[str, object], answer: Mapping[str, Any]) -> None:
    kind = str(answer.get("type", ""))
    field = answer.get("field")
    ref = str(field.get("ref") or field.get("id")) if isinstance(field, Mapping) else kind
    value = _value(answer.get(kind))
    if value is None:
        return
    fields[ref] = value
    if kind in BY_TYPE:
        fields.setdefault(BY_TYPE[kind], value)


def _value(value: object) -> object:
    """The labels of choices, the amount of a payment, everything else as it is."""
    match value:
        case {"labels": labels}:
            return labels
        case {"label": label}:
            return label
        case {"other": other}:
            return other
        case _:
            return value


TYPEFORM: Final = Vendor(name="typeform", title="Typeform", version=1, verify=verify, parse=parse)
