"""Parts of JSON documents whose shape somebody else decides; what is not as expected is said."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from marketing_intake.reading.findings import Unreadable


def parse_json(body: bytes) -> Any:  # noqa: ANN401 whatever JSON holds
    """The value. Raises `Unreadable`."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Unreadable("the body must be valid JSON") from None


def parse_object(body: bytes) -> Mapping[str, Any]:
    """The object that the body is. Raises `Unreadable`."""
    value = parse_json(body)
    if not isinstance(value, dict):
        raise Unreadable("the body must be a JSON object")
    return value


def parse_objects(body: bytes) -> Sequence[object]:
    """The items of the array that the body is; one object alone counts as an array of one.

    Raises `Unreadable`. Items may be anything: an item that is no object is the caller's `Broken`.
    """
    value = parse_json(body)
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        raise Unreadable("the body must be a JSON array")
    return value


def object_in(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under a name. Raises `Unreadable`, naming it."""
    value = document.get(name)
    if not isinstance(value, dict):
        raise Unreadable(f"{name} must be an object", name)
    return value


def listed(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects of the list under a name; a missing list is empty. Raises `Unreadable`."""
    value = document.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unreadable(f"{name} must be a list", name)
    return [one for one in value if isinstance(one, dict)]


def text_at(document: Mapping[str, Any], name: str) -> str | None:
    """The text or number under a name as text; None when there is none."""
    value = document.get(name)
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
