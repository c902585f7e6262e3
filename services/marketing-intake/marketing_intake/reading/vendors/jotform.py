"""Jotform: one submission a request, as a form whose field `rawRequest` holds the answers as JSON.

Jotform signs nothing, so that its address bears a secret. Source: Jotform's guide to webhooks.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from marketing_intake.reading.findings import Finding, FoundLead, Unreadable
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.answers import as_text, known_name, put, put_further
from marketing_intake.reading.vendors.form_parts import form_fields, text_of
from marketing_intake.reading.vendors.json_parts import checked_id, parse_object
from marketing_intake.reading.vendors.shape import Config, Secrets, Vendor
from marketing_intake.reading.vendors.signatures import check_key

QUESTION: Final = re.compile(r"q(\d{1,6})_(.+)", re.DOTALL)
FURTHER: Final = {"formID": "form_id", "formTitle": "form_name"}


def verify(raw: Raw, secrets: Secrets, _config: Config, _now: datetime) -> None:
    """The secret stands in the address as the parameter `key`."""
    check_key(raw, secrets)


def parse(raw: Raw, _config: Config) -> Sequence[Finding]:
    """One lead, under `submissionID`; an answer is a field under its question's unique name."""
    form = form_fields(raw)
    key = checked_id(text_of(form, "submissionID"), "submissionID")
    fields: dict[str, object] = {}
    for name, ours in FURTHER.items():
        put_further(fields, ours, text_of(form, name) if name in form else None)
    for question, answer in _answers(text_of(form, "rawRequest")).items():
        _add(fields, question, answer)
    return [FoundLead(fields, key=key)]


def _answers(text: str) -> Mapping[str, object]:
    """What else stands there tells of the browser, and of Jotform's own work."""
    try:
        document = parse_object(text)
    except Unreadable as error:
        detail = error.detail.replace("the body", "rawRequest")
        raise Unreadable(detail, "rawRequest") from None
    found = ((QUESTION.fullmatch(name), answer) for name, answer in document.items())
    return {_unique(match[1], match[2]): answer for match, answer in found if match is not None}


def _unique(number: str, name: str) -> str:
    """The question's name without the number that Jotform adds to one that it made up itself."""
    return name.removesuffix(number) or name


def _add(fields: dict[str, object], name: str, answer: object) -> None:
    match known_name(name), answer:
        case "name", {"first": first, "last": last}:
            put(fields, "given_name", first)
            put(fields, "family_name", last)
        case "phone", dict():
            put(fields, name, _phone(answer))
        case _:
            put(fields, name, answer)


def _phone(parts: Mapping[str, object]) -> str | None:
    """One text of a number that was asked for in parts."""
    full = as_text(parts.get("full"))
    if full is not None:
        return full
    country = as_text(parts.get("country"))
    texts = [f"+{country.lstrip('+')}" if country else None]
    texts += [as_text(parts.get(name)) for name in ("area", "phone")]
    return " ".join(text for text in texts if text) or None


JOTFORM: Final = Vendor(name="jotform", title="Jotform", version=1, verify=verify, parse=parse)
