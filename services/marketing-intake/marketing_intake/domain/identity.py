"""Who a lead says it is: identifiers made comparable, and what an address says of its owner."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from marketing_intake.domain.identity_domains import email_kind, same_mailbox
from marketing_intake.domain.identity_guards import (
    email_is_shared,
    is_placeholder,
    phone_is_blocked,
)
from marketing_intake.domain.identity_rules import (
    AND,
    ANONYMOUS,
    DEFAULT_RULES,
    Key,
    MatchRules,
)
from marketing_intake.domain.names import company_key, name_key

EMAIL_CHARACTERS_MAX: Final = 254
LOCAL_CHARACTERS_MAX: Final = 64
COMMON_EMAIL: Final = re.compile(
    r"^[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}\Z"
)
"""The shapes that nearly all addresses have; a library looks at the others."""
UNCOMMON_ENDINGS: Final = frozenset(
    {"arpa", "example", "invalid", "local", "localhost", "onion", "test"}
)
COMMON_PHONE: Final = re.compile(r"^\+1[2-9][0-9]{2}[2-9][0-9]{6}\Z")
"""A number of the North American plan in E.164; a library looks at the others."""
EXTERNAL_ID: Final = "external_id"
EXTERNAL_IDS: Final = "external_ids"
CARD_NAMES: Final = {EXTERNAL_ID: EXTERNAL_IDS}
"""Where a card has a field under another name than a key."""
SCOPED: Final = {"external": EXTERNAL_ID, "anonymous": ANONYMOUS}
"""Kinds that belong to a source, `external:<source id>` and `anonymous:<source id>`, by limit."""


class Identifier(NamedTuple):
    """Something by which a person is known: its kind, and a value that compares.

    A tuple, since it is looked up and sorted by the thousand.
    """

    kind: str
    value: str


def common_email(text: str) -> str | None:
    """The address made comparable, when its shape is a common one; None: ask the library.

    Whatever this accepts the library accepts too, with the same domain; a property test keeps it
    so. Case is given up in both halves: no provider of note tells `Ada@` from `ada@`.
    """
    if len(text) > EMAIL_CHARACTERS_MAX or not COMMON_EMAIL.match(text):
        return None
    local, _, domain = text.rpartition("@")
    labels = domain.lower().split(".")
    is_uncommon = (
        len(local) > LOCAL_CHARACTERS_MAX
        or labels[-1] in UNCOMMON_ENDINGS
        or any(label[2:4] == "--" for label in labels)
    )
    return None if is_uncommon else text.lower()


def common_phone(text: str) -> str | None:
    """The number, when it is E.164 already and of the plan that has one length; None otherwise."""
    return text if COMMON_PHONE.match(text) else None


def identifiers_of(
    card: Mapping[str, object], rules: MatchRules = DEFAULT_RULES
) -> tuple[Identifier, ...]:
    """By what the person of a card is matched under these rules, strongest first.

    What many people give (a role's address, a disposable one, zeros, a blocked value) is left out,
    so a card may have none. An external id belongs to its source.
    """
    found: list[Identifier] = []
    for key in rules.keys:
        name = key[0]
        if CARD_NAMES.get(name, name) not in card:  # asked first, because it is the common case
            continue
        for identifier in _values(name, card, rules):
            if len(key) == 1:
                found.append(identifier)
            elif others := _others(key, card, rules):
                kind = AND.join((identifier.kind, *key[1:]))
                found.append(Identifier(kind, "|".join((identifier.value, *others))))
    return tuple(found)


def shared_address(card: Mapping[str, object], identifiers: Sequence[Identifier]) -> str | None:
    """The mailbox of a card where it is none of what its person is matched by; else None."""
    if identifiers and identifiers[0].kind == "email":  # the common case
        return None
    email = card.get("email")
    if not isinstance(email, str) or any(one.kind.startswith("email") for one in identifiers):
        return None
    return same_mailbox(email)


def counted_as(kind: str) -> str:
    """Under which limit identifiers of a kind count: that of the first field of their key."""
    name = kind.partition(AND)[0].partition(":")[0]
    return SCOPED.get(name, name)


def _others(key: Key, card: Mapping[str, object], rules: MatchRules) -> list[str]:
    """The values of a key's further fields; none when one of them is missing."""
    found = [_values(field, card, rules) for field in key[1:]]
    return [values[0].value for values in found] if all(found) else []


def _values(field: str, card: Mapping[str, object], rules: MatchRules) -> Sequence[Identifier]:
    """What a card has of a field, comparable; nothing when it says of nobody who they are."""
    if field == EXTERNAL_ID:
        return _external_ids(card.get(EXTERNAL_IDS), rules)
    given = card.get(field)
    if not isinstance(given, str) or (rules.blocked and given.lower() in rules.blocked):
        return ()
    value = _comparable(field, given)
    return (Identifier(field, value),) if value else ()


def _external_ids(given: object, rules: MatchRules) -> Sequence[Identifier]:
    if not isinstance(given, Mapping):
        return ()
    return [
        Identifier(f"external:{source_id}", value)
        for source_id, value in given.items()
        if not is_placeholder(value) and value.lower() not in rules.blocked
    ]


def _comparable(field: str, given: str) -> str | None:
    match field:
        case "email":
            return None if email_is_shared(given) else same_mailbox(given)
        case "phone":
            return None if phone_is_blocked(given) else given
        case "company":
            return company_key(given)
        case _:
            return None if is_placeholder(given) else name_key(given)


__all__ = [
    "Identifier",
    "common_email",
    "common_phone",
    "counted_as",
    "email_kind",
    "identifiers_of",
    "shared_address",
]
