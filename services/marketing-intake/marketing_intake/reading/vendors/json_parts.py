"""Parts of JSON documents whose shape somebody else decides; what is not as expected is said."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import orjson

from marketing_intake.reading.findings import Broken, Finding, Unreadable

NESTING_MAX: Final = 32
ITEMS_MAX: Final = 10_000
ID_CHARACTERS_MAX: Final = 200


def parse_json(body: bytes | str) -> Any:  # noqa: ANN401 whatever JSON holds
    """The value, at most `NESTING_MAX` deep: what comes later walks it. Raises `Unreadable`."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Unreadable("the body must be valid JSON") from None
    if _is_deeper_than(NESTING_MAX, value):
        raise Unreadable(f"the body may be nested {NESTING_MAX} deep")
    return value


def parse_object(body: bytes | str) -> Mapping[str, Any]:
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
    if len(value) > ITEMS_MAX:
        raise Unreadable(f"the body may hold at most {ITEMS_MAX} items")
    return value


def read_each(
    items: Iterable[object], read: Callable[[Mapping[str, Any]], Finding]
) -> Sequence[Finding]:
    """What each item was read as; one that can't be understood is `Broken` and hinders no other."""
    return [_read(item, read) for item in items]


def object_in(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under a name. Raises `Unreadable`, naming it."""
    value = document.get(name)
    if not isinstance(value, dict):
        raise Unreadable(f"{name} must be an object", name)
    return value


def items_in(document: Mapping[str, Any], name: str) -> list[object]:
    """The items of the list under a name, whatever they are. Raises `Unreadable`, naming it."""
    value = document.get(name)
    if not isinstance(value, list):
        raise Unreadable(f"{name} must be a list", name)
    if len(value) > ITEMS_MAX:
        raise Unreadable(f"{name} may hold at most {ITEMS_MAX} items", name)
    return value


def text_in(document: Mapping[str, Any], name: str) -> str:
    """The text or number under a name as text. Raises `Unreadable`, naming it."""
    value = text_at(document, name)
    if value is None:
        raise Unreadable(f"{name} must be a text", name)
    return value


def id_in(document: Mapping[str, Any], name: str) -> str:
    """The id under a name as text, fit to be kept as a key. Raises `Unreadable`, naming it."""
    return checked_id(text_at(document, name), name)


def checked_id(text: str | None, name: str) -> str:
    """The text, when it can be an id. Raises `Unreadable`, with the name."""
    if not text or len(text) > ID_CHARACTERS_MAX or not text.isprintable():
        raise Unreadable(f"{name} must be an id of at most {ID_CHARACTERS_MAX} characters", name)
    return text


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


def _read(item: object, read: Callable[[Mapping[str, Any]], Finding]) -> Finding:
    if not isinstance(item, dict):
        return Broken("an item must be an object", body=orjson.dumps(item))
    try:
        return read(item)
    except Unreadable as error:
        return Broken(error.detail, error.field, orjson.dumps(item))


def _is_deeper_than(levels: int, value: object) -> bool:
    """Level by level, because what is nested as deep as the parser allows ends a recursion."""
    level = [value]
    for _ in range(levels):
        level = [inner for one in level for inner in _inside(one) if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _inside(value: object) -> Iterable[object]:
    match value:
        case dict():
            return value.values()
        case list():
            return value
        case _:
            return ()
