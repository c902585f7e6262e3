"""Tally: one response a request, signed over the raw body; fields are named by key, not by label.

Source: Tally's documentation of webhooks.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from marketing_intake.reading.findings import Finding, FoundLead, Ignored, Unreadable
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.answers import put, put_as, put_further, put_texts
from marketing_intake.reading.vendors.json_parts import (
    id_in,
    items_in,
    listed,
    object_in,
    parse_object,
    text_at,
    text_in,
)
from marketing_intake.reading.vendors.shape import Config, Secrets, Vendor
from marketing_intake.reading.vendors.signatures import (
    check_any,
    from_base64,
    header_of,
    hmac_sha256,
)

SIGNATURE: Final = "tally-signature"
BY_TYPE: Final = {"INPUT_EMAIL": "email", "INPUT_PHONE_NUMBER": "phone"}
HIDDEN: Final = "HIDDEN_FIELDS"
ONE_CHOICE: Final = frozenset({"MULTIPLE_CHOICE", "DROPDOWN"})


def verify(raw: Raw, secrets: Secrets, _config: Config, _now: datetime) -> None:
    """The base64 of the body's HMAC. It has no time: replays meet the response's id."""
    signature = from_base64(header_of(raw, SIGNATURE))
    check_any(secrets, signature, lambda secret: hmac_sha256(secret, raw.body))


def parse(raw: Raw, _config: Config) -> Sequence[Finding]:
    """One lead; an answer is a field under its key, an e-mail or phone also under that name.

    A hidden field goes under its label, which is the name of a parameter in the form's address.
    """
    document = parse_object(raw.body)
    if document.get("eventType") != "FORM_RESPONSE":
        return [Ignored("not_a_form_response", text_at(document, "eventId"))]
    data = object_in(document, "data")
    key = id_in(data, "submissionId" if "submissionId" in data else "responseId")
    fields: dict[str, object] = {"occurred_at": data.get("createdAt")}
    put_texts(fields, data, {"formId": "form_id", "formName": "form_name"})
    answers = _answers(data)
    for answer in sorted(answers, key=lambda one: one.get("type") == HIDDEN):
        _add(fields, answer)
    return [FoundLead(fields, key=key)]


def _answers(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The fields, without the boxes of a group that come once more one by one, as true or false."""
    answers = [_object(one) for one in items_in(data, "fields")]
    groups = {text_in(one, "key") for one in answers if "options" in one}
    return [
        one
        for one in answers
        if not isinstance(one.get("value"), bool)
        or text_in(one, "key").rpartition("_")[0] not in groups
    ]


def _object(field: object) -> Mapping[str, Any]:
    if not isinstance(field, dict):
        raise Unreadable("fields must hold objects", "fields")
    return field


def _add(fields: dict[str, object], answer: Mapping[str, Any]) -> None:
    kind, name = text_at(answer, "type") or "", text_in(answer, "key")
    value = _value(answer, kind)
    if kind in BY_TYPE:
        put_as(fields, BY_TYPE[kind], name, value)
    elif kind == HIDDEN:
        put(fields, text_at(answer, "label") or name, value)
    else:
        put_further(fields, name, value)


def _value(answer: Mapping[str, Any], kind: str) -> object:
    """An option's text instead of its id, a matrix as its rows' texts with those of the columns."""
    value = answer.get("value")
    match value:
        case dict() if "rows" in answer:
            rows, columns = _texts(answer, "rows"), _texts(answer, "columns")
            return {rows.get(row, row): _chosen(chosen, columns) for row, chosen in value.items()}
        case list() if "options" in answer:
            chosen = _chosen(value, _texts(answer, "options"))
            return chosen[0] if kind in ONE_CHOICE and len(chosen) == 1 else chosen
        case _:
            return value


def _texts(answer: Mapping[str, Any], name: str) -> Mapping[str, str]:
    options = ((text_at(one, "id"), text_at(one, "text")) for one in listed(answer, name))
    return {option: text for option, text in options if option is not None and text is not None}


def _chosen(ids: object, texts: Mapping[str, str]) -> list[object]:
    """An id that no option has stays as it is: it may be what somebody wrote beside `other`."""
    chosen = ids if isinstance(ids, list) else [ids]
    return [texts.get(one, one) if isinstance(one, str) else one for one in chosen]


TALLY: Final = Vendor(name="tally", title="Tally", version=1, verify=verify, parse=parse)
