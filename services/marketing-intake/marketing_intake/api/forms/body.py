"""What a form sends, in any of the shapes that browsers have, as fields of a lead."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from fastapi import Request
from starlette.exceptions import HTTPException

from marketing_intake.domain.draft import Failure, RefusedDraft
from marketing_intake.reading.json_lead import LEAD_BYTES_MAX, MALFORMED

FIELDS_MAX: Final = 100
FIELD_BYTES_MAX: Final = 64 * 1024
FORM_TYPES: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
SCRIPT_TYPES: Final = ("application/json", "text/plain")
"""What `fetch` sends, and what `navigator.sendBeacon` calls a text: JSON, both of them."""
NESTED: Final = re.compile(r"^([A-Za-z0-9_-]+)\[([A-Za-z0-9_-]*)\]$")
ALIASES: Final = {"name[first]": "given_name", "name[last]": "family_name", "e-mail": "email"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came: its bytes, their type, and its fields or why there are none."""

    body: bytes
    content_type: str
    is_by_script: bool
    fields: Mapping[str, Any] | RefusedDraft


async def read_form(request: Request) -> Sent:
    """Read what came. Raises Starlette's 415 for a type that no browser sends a form in."""
    content_type = request.headers.get("content-type", "")
    type_ = content_type.split(";")[0].strip().lower()
    if type_ not in FORM_TYPES + SCRIPT_TYPES:
        raise HTTPException(415)
    # The bytes are kept as they came, and the parser below reads them again from the request.
    body = await request.body()
    is_by_script = type_ in SCRIPT_TYPES
    fields = _fields_of_json(body) if is_by_script else await _fields_of_form(request)
    return Sent(body, content_type[:200], is_by_script, fields)


async def _fields_of_form(request: Request) -> Mapping[str, Any] | RefusedDraft:
    try:
        form = await request.form(max_files=0, max_fields=FIELDS_MAX, max_part_size=FIELD_BYTES_MAX)
    except HTTPException:
        detail = f"a form may have {FIELDS_MAX} fields of {FIELD_BYTES_MAX} bytes, and no files"
        return RefusedDraft("malformed", None, detail, failure=Failure.FORMAT)
    return named(form.multi_items())


def _fields_of_json(body: bytes) -> Mapping[str, Any] | RefusedDraft:
    if len(body) > LEAD_BYTES_MAX:
        detail = f"a lead may have {LEAD_BYTES_MAX} bytes"
        return RefusedDraft("too-large", None, detail, 413, Failure.LIMIT)
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict):
        return MALFORMED
    return named(document.items())


def named(items: Iterable[tuple[str, object]]) -> dict[str, Any]:
    """Names as `LeadForm` has them; `name[first]` is understood, `interest[]` is a list."""
    fields: dict[str, Any] = {}
    for name, value in items:
        if value is None or value == "":
            continue
        known = ALIASES.get(name.lower(), name)
        nested = NESTED.match(known)
        if nested and nested[1] == "traits":
            fields.setdefault("traits", {})[nested[2]] = value
        elif known == "consent":
            fields["consent"] = [*fields.get("consent", ()), *_listed(value)]
        elif known in fields:
            fields[known] = [*_listed(fields[known]), *_listed(value)]
        else:
            fields[known] = value
    return fields


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
