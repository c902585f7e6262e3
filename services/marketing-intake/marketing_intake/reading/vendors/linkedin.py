"""LinkedIn Lead Sync: notices of leads that came or are to go; the lead itself is fetched.

Source: LinkedIn's documentation of webhook validation, lead notifications and lead forms.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from marketing_intake.reading.findings import (
    Finding,
    FoundDeletion,
    FoundLead,
    FoundReference,
    Ignored,
    Unreadable,
)
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.answers import (
    consented,
    moment,
    put,
    put_further,
    put_texts,
)
from marketing_intake.reading.vendors.json_parts import (
    id_in,
    items_in,
    listed,
    object_in,
    parse_objects,
    read_each,
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
    from_hex,
    header_of,
    hmac_sha256,
)

SIGNATURE: Final = "x-li-signature"
SIGNED_PREFIX: Final = "hmacsha256="
URN: Final = "urn:li:leadGenFormResponse:"
CHALLENGE: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
REFERRED: Final = ("leadGenFormResponse", "leadGenForm", "leadType", "associatedEntity")


def verify(raw: Raw, secrets: Secrets, _config: Config, _now: datetime) -> None:
    """The HMAC in hexadecimal of `hmacsha256=` and the body: the prefix is part of what is signed.

    Some tools write it before the header's value as well, which changes nothing.
    """
    signature = from_hex(header_of(raw, SIGNATURE).removeprefix(SIGNED_PREFIX))
    signed = SIGNED_PREFIX.encode() + raw.body
    check_any(secrets, signature, lambda secret: hmac_sha256(secret, signed))


def greet(raw: Raw, secrets: Secrets, _config: Config) -> Greeting | None:
    """The challenge and its HMAC under the newest secret.

    Only a UUID is answered: whoever could choose the text would have a body signed by us.
    """
    if raw.method != "GET" or "challengeCode" not in raw.query:
        return None
    code = raw.query["challengeCode"]
    if not CHALLENGE.fullmatch(code):
        raise BadSignature("challengeCode must be a UUID")
    if not secrets:
        raise BadSignature("there is no active secret")
    answer = {
        "challengeCode": code,
        "challengeResponse": hmac_sha256(secrets[0], code.encode()).hex(),
    }
    return Greeting(200, "application/json", orjson.dumps(answer), {})


def parse(raw: Raw, _config: Config) -> Sequence[Finding]:
    """A reference for a lead that was created, a deletion for one that LinkedIn deleted."""
    return read_each(parse_objects(raw.body), _finding)


def lead_of(document: Mapping[str, Any], config: Config = NO_CONFIG) -> FoundLead:
    """The lead of an answer of `leadFormResponses`, under the key that its notice had.

    Questions are named by their predefined field when the answer has its `form` beside it, and by
    their id otherwise. Raises `Unreadable`.
    """
    response = object_in(document, "formResponse")
    fields: dict[str, object] = {
        "occurred_at": moment(document, "submittedAt"),
        "is_test": document.get("testLead") is True,
    }
    put_texts(fields, document, {"versionedLeadGenFormUrn": "form_id", "leadType": "lead_type"})
    form = object_in(document, "form") if document.get("form") is not None else {}
    names = _names(form)
    for answer in items_in(response, "answers"):
        _add(fields, answer, names)
    for hidden in listed(form, "hiddenFields"):
        put(fields, text_in(hidden, "name"), hidden.get("value"))
    ticked = {
        text_in(box, "consentId"): box.get("accepted") is True
        for box in listed(response, "consentResponses")
    }
    put_further(fields, "disclaimers", ticked)
    purposes = consented(ticked, config)
    key = lead_urn(id_in(document, "id"))
    return FoundLead(fields | ({"consent": purposes} if purposes else {}), key=key)


def _finding(event: Mapping[str, Any]) -> Finding:
    body = orjson.dumps(event)
    if text_in(event, "type") != "LEAD_ACTION":
        return Ignored("not_a_lead", body=body)
    key = lead_urn(id_in(event, "leadGenFormResponse"))
    match text_in(event, "leadAction"):
        case "CREATED":
            return FoundReference(_reference(event), key=key, body=body)
        case "DELETED":
            return FoundDeletion(lead_key=key, key=f"{key}:DELETED", body=body)
        case _:
            raise Unreadable("leadAction must be CREATED or DELETED", "leadAction")


def _reference(event: Mapping[str, Any]) -> Mapping[str, str]:
    texts = {name: text_at(event, name) for name in REFERRED}
    owner = event.get("owner")
    if isinstance(owner, Mapping):
        texts |= {name: text_at(owner, name) for name in ("sponsoredAccount", "organization")}
    return {name: text for name, text in texts.items() if text is not None}


def lead_urn(text: str) -> str:
    """A notice names the response by its URN, the response itself by its bare id."""
    return text if text.startswith("urn:") else f"{URN}{text}"


def _names(form: Mapping[str, Any]) -> Mapping[str, str]:
    content = object_in(form, "content") if form.get("content") is not None else {}
    return {
        text_in(question, "questionId"): name
        for question in listed(content, "questions")
        if (name := text_at(question, "predefinedField")) is not None
    }


def _add(fields: dict[str, object], answer: object, names: Mapping[str, str]) -> None:
    if not isinstance(answer, dict):
        raise Unreadable("answers must hold objects", "answers")
    question = text_in(answer, "questionId")
    details = object_in(answer, "answerDetails")
    value = next((_value(inner) for inner in details.values()), None)
    put(fields, names.get(question, f"question_{question}"), value)


def _value(details: object) -> object:
    match details:
        case {"answer": answer}:
            return answer
        case {"options": options}:
            return options
        case _:
            return details


LINKEDIN: Final = Vendor(
    name="linkedin",
    title="LinkedIn Lead Sync",
    version=1,
    verify=verify,
    parse=parse,
    greet=greet,
    greet_methods=("GET",),
)
