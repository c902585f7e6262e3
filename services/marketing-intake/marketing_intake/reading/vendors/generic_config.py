"""What is wrong with the configuration of a generic source, by field name."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from marketing_intake.reading.vendors.paths import steps_of
from marketing_intake.reading.vendors.shape import Config

ALGORITHMS: Final = ("sha1", "sha256", "sha512")
ENCODINGS: Final = ("hex", "base64")
SECRET_ENCODINGS: Final = ("text", "base64")
HEADER: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
PLACE: Final = re.compile(r"\{([^{}]*)\}")
PLACES: Final = ("body", "timestamp", "method", "url")
TEXT_CHARACTERS_MAX: Final = 200
FIELDS_MAX: Final = 100
TOLERANCE_SECONDS_MAX: Final = 86_400

Check = Callable[[object], str | None]
"""What is wrong with a value; None when nothing is."""


def check_config(config: Config) -> dict[str, str]:
    """What was expected of each field that is wrong; empty when the configuration can be used."""
    faults = {
        name: fault
        for name, value in config.items()
        if (fault := _fault(name, value, CHECKS.get(name))) is not None
    }
    for name in NEED_SIGNATURE:
        if name in config and "signature_header" not in config:
            faults.setdefault(name, "needs signature_header")
    if "{timestamp}" in str(config.get("signed", "")) and "timestamp_header" not in config:
        faults.setdefault("signed", "has {timestamp}, which needs timestamp_header")
    if "tolerance_seconds" in config and "timestamp_header" not in config:
        faults.setdefault("tolerance_seconds", "needs timestamp_header")
    if "timestamp_header" in config and "{timestamp}" not in str(config.get("signed", "")):
        faults.setdefault("timestamp_header", "must be signed: put {timestamp} into signed")
    return faults


def _fault(name: str, value: object, check: Check | None) -> str | None:
    return f"{name} is not known" if check is None else check(value)


def _one_of(words: Sequence[str]) -> Check:
    return lambda value: None if value in words else f"must be one of {', '.join(words)}"


def _header(value: object) -> str | None:
    is_name = isinstance(value, str) and HEADER.fullmatch(value) is not None
    return None if is_name else "must be the name of a header"


def _text(value: object) -> str | None:
    is_text = isinstance(value, str) and value.isascii() and len(value) <= TEXT_CHARACTERS_MAX
    return None if is_text else f"must be ASCII of at most {TEXT_CHARACTERS_MAX} characters"


def _signed(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > TEXT_CHARACTERS_MAX:
        return f"must be a text of at most {TEXT_CHARACTERS_MAX} characters"
    places = PLACE.findall(value)
    for place in places:
        kind, _, name = place.partition(":")
        if place not in PLACES and not (kind == "header" and _header(name) is None):
            return "may have {body}, {timestamp}, {method}, {url} and {header:NAME}"
    return None if places.count("body") == 1 else "must have {body} once"


def _tolerance(value: object) -> str | None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if is_whole and 0 < int(str(value)) <= TOLERANCE_SECONDS_MAX:
        return None
    return f"must be a whole number from 1 to {TOLERANCE_SECONDS_MAX}"


def _path(value: object) -> str | None:
    try:
        steps_of(value if isinstance(value, str) else "")
    except ValueError as fault:
        return str(fault)
    return None


def _names_path(value: object) -> str | None:
    fault = _path(value)
    if fault is None and not all(isinstance(step, str) for step in steps_of(str(value))):
        return "must be a path of names only, such as data.leads"
    return fault


def _fields(value: object) -> str | None:
    if not isinstance(value, Mapping) or not 0 < len(value) <= FIELDS_MAX:
        return f"must be an object of 1 to {FIELDS_MAX} names and paths"
    for name, path in value.items():
        fault = _path(path)
        if not isinstance(name, str) or fault is not None:
            return f"{name}: {fault or 'must be a text'}"
    return None


def _names(value: object) -> str | None:
    is_names = isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
    return None if is_names else "must be a list of field names"


CHECKS: Final[Mapping[str, Check]] = {
    "signature_header": _header,
    "secret_header": _header,
    "timestamp_header": _header,
    "algorithm": _one_of(ALGORITHMS),
    "encoding": _one_of(ENCODINGS),
    "secret_encoding": _one_of(SECRET_ENCODINGS),
    "prefix": _text,
    "signed": _signed,
    "tolerance_seconds": _tolerance,
    "items": _names_path,
    "id": _path,
    "fields": _fields,
    "required": _names,
}
NEED_SIGNATURE: Final = (
    *("algorithm", "encoding", "secret_encoding", "prefix", "signed"),
    *("timestamp_header", "tolerance_seconds"),
)
