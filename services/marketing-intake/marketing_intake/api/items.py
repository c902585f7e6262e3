"""Several things in one body: a JSON array, or one object a line."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from baton.errors import Refused

ITEMS_MAX: Final = 1000
ARRAY: Final = msgspec.json.Decoder(list[msgspec.Raw])
LINES: Final = ("application/x-ndjson", "application/jsonl")


def is_lines(content_type: str) -> bool:
    """Whether each line of the body is an item."""
    return content_type.split(";", maxsplit=1)[0].strip().lower() in LINES


def items_of(body: bytes, content_type: str, what: str) -> Sequence[bytes]:
    """Each item's own bytes. Raises `Refused` when there are none, too many, or no array."""
    items = body.splitlines() if is_lines(content_type) else _split_array(body, what)
    found = [item for item in items if item.strip()]
    if not 1 <= len(found) <= ITEMS_MAX:
        raise Refused(f"a batch must have 1 to {ITEMS_MAX} {what}", kind="batch-size")
    return found


def items_content(one: dict[str, Any]) -> dict[str, Any]:
    """How such a body stands in the OpenAPI document."""
    array = {"type": "array", "items": one, "maxItems": ITEMS_MAX}
    return {"application/json": {"schema": array}, LINES[0]: {"schema": one}}


def _split_array(body: bytes, what: str) -> Sequence[bytes]:
    try:
        return [bytes(item) for item in ARRAY.decode(body)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(f"the body must be a JSON array of {what}", kind="malformed") from None
