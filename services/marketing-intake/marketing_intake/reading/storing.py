"""What PostgreSQL can hold as JSON: text without NUL and lone surrogates, not nested too deep."""

from collections.abc import Mapping
from typing import Final

from baton.http.text import storable

NESTING_MAX: Final = 20


def fault_in(value: object) -> str | None:
    """What is wrong with a value out of a JSON document, as the end of a sentence; None: nothing.

    Level by level: what is nested as deep as a parser allows would end a recursion.
    """
    level = [value]
    for _ in range(NESTING_MAX + 1):
        try:
            level = [inner for one in level for inner in _inside(one)]
        except ValueError as error:
            return str(error)
        if not level:
            return None
    return f"may be nested {NESTING_MAX} deep"


def _inside(value: object) -> list[object]:
    """What a list or an object holds, names included. Raises `ValueError` for a bad text."""
    match value:
        case str():
            storable(value)
            return []
        case Mapping():
            return [*value.keys(), *value.values()]
        case list() | tuple():
            return list(value)
        case _:
            return []
