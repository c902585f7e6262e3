"""A policy as text that people write: TOML or JSON in, TOML out, and each fault at its line."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import orjson
from pydantic import ValidationError

from lead_scoring.domain.policy_faults import faults_of
from lead_scoring.repository.documents import PolicyDocument
from lead_scoring.repository.policy_reading import policy_of

TEXT_CHARACTERS_MAX: Final = 200_000
FAULTS_MAX: Final = 20
WORDS: Final = {"extra_forbidden": "is no part of a policy", "missing": "must be there"}
BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
AT_LINE: Final = re.compile(r"line (\d+)")
HEADER: Final = re.compile(r"\s*\[+\s*([A-Za-z0-9_]+)")


@dataclass(frozen=True, slots=True)
class TextFault:
    """What is wrong where: the place in the document, and the line in the text if it is known."""

    place: str
    expected: str
    line: int | None = None


def read_text(text: str) -> PolicyDocument | list[TextFault]:
    """The policy that a text describes, or everything that is wrong with it."""
    if len(text) > TEXT_CHARACTERS_MAX:
        return [TextFault("", f"must have {TEXT_CHARACTERS_MAX:,} characters at most")]
    try:
        told = _loaded(text)
    except (tomllib.TOMLDecodeError, orjson.JSONDecodeError, RecursionError) as error:
        found = AT_LINE.search(str(error))
        return [TextFault("", _not_readable(text), int(found[1]) if found else None)]
    try:
        document = PolicyDocument.model_validate_json(orjson.dumps(told))
    except (ValidationError, TypeError, orjson.JSONEncodeError) as error:
        return _faults_in(text, error)
    return [
        TextFault(fault.field, fault.expected, line_of(text, fault.field))
        for fault in faults_of(policy_of(0, document))[:FAULTS_MAX]
    ] or document


def text_of(document: PolicyDocument) -> str:
    """A policy as TOML; what is as it is by default is left out."""
    told = document.model_dump(mode="json", exclude_defaults=True)
    return "\n".join(_lines_of(told)).strip() + "\n"


def line_of(text: str, place: str) -> int | None:
    """The line of a TOML text that a place such as `rules.2.points` is at; None if not found."""
    name, *steps = place.split(".")
    nth = int(steps.pop(0)) if steps and steps[0].isdigit() else 0
    lines = text.split("\n")
    headers = [
        n for n, one in enumerate(lines) if (found := HEADER.match(one)) and found[1] == name
    ]
    if nth >= len(headers):
        return _first(lines, range(len(lines)), name)
    start = headers[nth]
    following = (n for n in range(start + 1, len(lines)) if HEADER.match(lines[n]))
    inside = range(start + 1, next(following, len(lines)))
    return (_first(lines, inside, steps[0]) if steps else None) or start + 1


def _first(lines: list[str], among: range, key: str) -> int | None:
    begins = re.compile(rf"\s*\"?{re.escape(key)}\"?\s*[=.]")
    return next((n + 1 for n in among if begins.match(lines[n])), None)


def _loaded(text: str) -> object:
    return orjson.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)


def _not_readable(text: str) -> str:
    kind = "JSON" if text.lstrip().startswith("{") else "TOML"
    return f"this is no {kind}: a quote, a bracket or an equals sign is missing, or one too many"


def _faults_in(text: str, error: Exception) -> list[TextFault]:
    if not isinstance(error, ValidationError):
        return [TextFault("", "must hold texts, numbers, true or false, lists and tables only")]
    places = [
        (".".join(str(step) for step in fault["loc"]), WORDS.get(fault["type"], fault["msg"]))
        for fault in error.errors(include_url=False, include_input=False)[:FAULTS_MAX]
    ]
    return [TextFault(place, expected, line_of(text, place)) for place, expected in places]


def _lines_of(told: Mapping[str, object]) -> Iterator[str]:
    """Plain values first, then tables, then lists of tables: as TOML wants it."""
    plain = {key: one for key, one in told.items() if not isinstance(one, dict | list)}
    tables = {key: one for key, one in told.items() if isinstance(one, dict)}
    lists = {key: one for key, one in told.items() if isinstance(one, list)}
    yield from _pairs(plain)
    for key, table in tables.items():
        yield from ("", f"[{key}]")
        yield from _pairs(table)
    for key, entries in lists.items():
        for entry in entries:
            yield from ("", f"[[{key}]]")
            yield from _pairs(entry)


def _pairs(table: Mapping[str, object]) -> Iterator[str]:
    yield from (f"{_key(key)} = {_value(one)}" for key, one in table.items())


def _key(key: str) -> str:
    return key if BARE_KEY.fullmatch(key) else _string(key)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _string(value)
        case list():
            return f"[{', '.join(_value(one) for one in value)}]"
        case dict():
            return f"{{{', '.join(_pairs(value))}}}"
        case _:
            return repr(value)


def _string(text: str) -> str:
    """TOML's basic strings are JSON's, but that it wants one character more escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
