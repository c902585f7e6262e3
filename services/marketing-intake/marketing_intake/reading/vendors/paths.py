"""Paths into JSON documents: `data.contact.email`, `answers[0].text`, `fields[key=email].value`."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

PATH_CHARACTERS_MAX: Final = 200
STEP: Final = re.compile(
    r"""\.?(?P<name>[^.\[\]"=]+)|\["(?P<quoted>[^"\[\]]+)"\]|\[(?P<place>\d{1,4})\]"""
    r"|\[(?P<key>[^\[\]=\"]+)=(?P<value>[^\[\]=\"]+)\]"
)

Step = str | int | tuple[str, str]
"""A name, a place in a list, or which object of a list: the one whose member has this text."""


@lru_cache(maxsize=1_000)
def steps_of(path: str) -> tuple[Step, ...]:
    """The steps of a path; `$` at its front may be written. Raises `ValueError`."""
    rest = path.removeprefix("$.") if path != "$" else ""
    if path != "$" and (not rest or len(path) > PATH_CHARACTERS_MAX or rest.startswith(".")):
        raise ValueError("must be a path such as data.email or fields[key=email].value")
    steps: list[Step] = []
    position = 0
    while position < len(rest):
        match = STEP.match(rest, position)
        if match is None:
            raise ValueError("must be a path such as data.email or fields[key=email].value")
        steps.append(_step(match))
        position = match.end()
    return tuple(steps)


def value_at(document: object, path: str) -> object:
    """What is there, None when nothing is. Raises `ValueError` for what is no path."""
    place = document
    for step in steps_of(path):
        place = _inside(place, step)
        if place is None:
            return None
    return place


def wrapped(value: object, path: str) -> object:
    """A document in which the value is the one item of the list at the path, of names only."""
    inside: object = [value]
    for step in reversed(steps_of(path)):
        inside = {step: inside}
    return inside


def _step(match: re.Match[str]) -> Step:
    if match["place"] is not None:
        return int(match["place"])
    if match["key"] is not None:
        return match["key"].strip(), match["value"].strip()
    return match["name"] or match["quoted"]


def _inside(place: Any, step: Step) -> object:  # noqa: ANN401 whatever JSON holds
    match step, place:
        case str(), Mapping():
            return place.get(step)
        case int(), list():
            return place[step] if step < len(place) else None
        case (key, value), list():
            return next((one for one in place if _has(one, key, value)), None)
        case _:
            return None


def _has(one: object, key: str, value: str) -> bool:
    return isinstance(one, Mapping) and str(one.get(key)) == value
