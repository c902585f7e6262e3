"""By what people are matched: keys in the order of their weight, limits, and what never counts.

A key is one field or several; a lead that gives all fields of a key is matched by it, and any key
will do. So `email`, `phone & family_name` reads: the same e-mail, OR the same phone AND the same
last name. The first key weighs most: it decides when keys speak of different people, and the last
is given up first when a limit would be broken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

AND: Final = "&"
KEYS_MAX: Final = 10
FIELDS_MAX: Final = 4
BLOCKED_MAX: Final = 1000
BLOCKED_CHARACTERS_MAX: Final = 200
LIMIT_MAX: Final = 1000
ANONYMOUS: Final = "anonymous_id"


class KeyField(StrEnum):
    """What a key may be made of."""

    EMAIL = "email"
    PHONE = "phone"
    EXTERNAL_ID = "external_id"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    COMPANY = "company"


NAMING: Final = frozenset({KeyField.EMAIL, KeyField.PHONE, KeyField.EXTERNAL_ID})
"""Each key must have one of these: of one name there are many people."""
Key = tuple[str, ...]
DEFAULT_KEYS: Final[tuple[Key, ...]] = (("email",), ("phone", "family_name"), ("external_id",))
DEFAULT_LIMITS: Final[Mapping[str, int]] = {
    "email": 5,
    "phone": 5,
    "external_id": 1,
    ANONYMOUS: 50,
}
"""How many of each a person may have; external ids and anonymous ids count per source."""


@dataclass(frozen=True, slots=True)
class MatchRules:
    """The rules of one version. `pepper` makes a company's id unreadable; see `company_id_of`."""

    keys: tuple[Key, ...] = DEFAULT_KEYS
    limits: Mapping[str, int] = field(default_factory=lambda: DEFAULT_LIMITS)
    blocked: frozenset[str] = frozenset()
    pepper: bytes = b""
    version: int = 0


DEFAULT_RULES: Final = MatchRules()


class BadRules(Exception):
    """The rules can't be in force; `field` is where, the message says what was expected."""

    def __init__(self, where: str, expected: str) -> None:
        super().__init__(expected)
        self.field = where
        self.expected = expected


def parsed_keys(texts: Sequence[str]) -> tuple[Key, ...]:
    """Keys from such texts as `phone & family_name`. Raises `BadRules`."""
    if not 1 <= len(texts) <= KEYS_MAX:
        raise BadRules("keys", f"there must be 1 to {KEYS_MAX} keys")
    keys = tuple(_parsed_key(number, text) for number, text in enumerate(texts))
    if len(set(keys)) < len(keys):
        raise BadRules("keys", "no key may stand there twice")
    return keys


def _parsed_key(number: int, text: str) -> Key:
    where = f"keys/{number}"
    names = [part.strip() for part in text.split(AND)]
    unknown = [name for name in names if name not in list(KeyField)]
    if unknown or len(names) > FIELDS_MAX:
        raise BadRules(where, f"must be 1 to {FIELDS_MAX} of {', '.join(KeyField)}, joined by &")
    # One order for all spellings of a key, with the field whose limit counts in front.
    fields = tuple(one.value for one in KeyField if one in names)
    if len(fields) < len(names) or not NAMING & set(fields):
        raise BadRules(where, "must have one of email, phone, external_id, and no field twice")
    return fields


def key_text(key: Key) -> str:
    """The key as it is written."""
    return f" {AND} ".join(key)


def checked_limits(limits: Mapping[str, int]) -> dict[str, int]:
    """All limits, the defaults where nothing is said. Raises `BadRules`."""
    for name, limit in limits.items():
        if name not in DEFAULT_LIMITS:
            raise BadRules(f"limits/{name}", f"must be one of {', '.join(DEFAULT_LIMITS)}")
        if not 1 <= limit <= LIMIT_MAX:
            raise BadRules(f"limits/{name}", f"must be from 1 to {LIMIT_MAX}")
    return {**DEFAULT_LIMITS, **limits}


def checked_blocked(values: Sequence[str]) -> frozenset[str]:
    """Further values that identify nobody, in small letters. Raises `BadRules`."""
    if len(values) > BLOCKED_MAX:
        raise BadRules("blocked", f"there may be {BLOCKED_MAX} values")
    for number, value in enumerate(values):
        if not 1 <= len(value.strip()) <= BLOCKED_CHARACTERS_MAX:
            raise BadRules(f"blocked/{number}", f"must have 1 to {BLOCKED_CHARACTERS_MAX} letters")
    return frozenset(value.strip().lower() for value in values)
