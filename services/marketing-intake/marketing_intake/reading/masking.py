"""A body as somebody may see it who may not know whose it is: names of fields, and no values."""

import re
from typing import Final
from urllib.parse import parse_qsl

import orjson

PLAIN_NAME: Final = re.compile(r"^[A-Za-z_][\w.\[\]:-]{0,59}$")
"""What a field may be called and be shown; anything else may be somebody's answer."""
NESTING_MAX: Final = 20
FIELDS_MAX: Final = 200
HIDDEN: Final = "…"


def masked(body: bytes, content_type: str) -> str | None:
    """The shape of a body: JSON and plain forms with every value hidden; None for other bodies."""
    if "urlencoded" in content_type:
        return _masked_form(body)
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return orjson.dumps(_hidden(value, NESTING_MAX)).decode()


def _masked_form(body: bytes) -> str | None:
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS_MAX)
    except ValueError:
        return None
    return "&".join(f"{_name(name)}={HIDDEN}" for name, _ in fields)


def _hidden(value: object, levels: int) -> object:
    if levels == 0:
        return HIDDEN
    match value:
        case dict():
            shown = list(value.items())[:FIELDS_MAX]
            return {_name(name): _hidden(inner, levels - 1) for name, inner in shown}
        case list():
            return [_hidden(inner, levels - 1) for inner in value[:FIELDS_MAX]]
        case None | bool():
            return value
        case _:
            return HIDDEN


def _name(name: str) -> str:
    return name if PLAIN_NAME.match(name) else HIDDEN
