"""Two people who may be one: what makes them alike, and how a guess about them ends."""

import hashlib
import itertools
from collections.abc import Collection, Mapping
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final, NamedTuple

from marketing_intake.domain.identity_guards import (
    email_is_shared,
    is_placeholder,
    phone_is_blocked,
)
from marketing_intake.domain.names import company_key, name_key

TAIL_DIGITS: Final = 7
"""The end of a number, which is the same whether or not somebody has given the country code."""
ALIKE_FROM: Final = 0.6
"""A name and one other thing reach this, or a phone and one other thing."""
NAME, COMPANY, PHONE, MAILBOX = 0.4, 0.25, 0.35, 0.25
NAME_LIKE_FROM: Final = 0.8
"""Below this two names are two names; above, one may be a slip of the pen."""
INITIAL: Final = 0.7
"""What an initial is worth beside a name that begins with it."""
BEGINNING_LETTERS: Final = 4
MAILBOX_LETTERS_MIN: Final = 5

Pair = tuple[str, str]


class CandidateState(StrEnum):
    """Where a pair stands."""

    MET = "met"  # one lead spoke of both: to be judged
    OPEN = "open"  # for somebody to look at
    MERGED = "merged"
    DISMISSED = "dismissed"  # somebody said that they are two
    APART = "apart"  # their identifiers say that they are two


DECIDED: Final = frozenset({CandidateState.MERGED, CandidateState.DISMISSED, CandidateState.APART})


class Likeness(NamedTuple):
    """How alike two people are, from 0 to 1, and in what."""

    score: float
    reasons: tuple[str, ...]


def pair_of(one: str, other: str) -> Pair:
    """Two people, always the same way round."""
    return (one, other) if one < other else (other, one)


def pairs_of(person_ids: Collection[str]) -> list[Pair]:
    """Each two of these people."""
    return [pair_of(*two) for two in itertools.combinations(person_ids, 2)]


def likenesses(card: Mapping[str, object]) -> frozenset[int]:
    """Hashes, signed and of 64 bits, of what somebody has in common with those to compare with.

    Two things each, and of the last name only its beginning: whoever shares one is looked at, and
    `likeness` decides.
    """
    parts = _parts(card)
    family = parts["family_name"][:BEGINNING_LETTERS]
    found = [("name", family, parts["company"]), ("phone", family, parts["phone"])]
    found.append(("office", parts["phone"], parts["company"]))
    found.append(("mailbox", family, parts["mailbox"]))
    found.append(("line", parts["phone"], parts["mailbox"]))
    return frozenset(_hash(kind, one, other) for kind, one, other in found if one and other)


def likeness(one: Mapping[str, object], other: Mapping[str, object]) -> Likeness:
    """How alike two cards are: name, company, the end of the phone number, the mailbox's name.

    A missing value says nothing; different first names say that they are two.
    """
    mine, theirs = _parts(one), _parts(other)
    name = _name_likeness(mine, theirs)
    if name is None:
        return Likeness(0.0, ())
    score, reasons = NAME * name, ["name"] if name else []
    for part, weight in (("company", COMPANY), ("phone", PHONE), ("mailbox", MAILBOX)):
        if mine[part] and mine[part] == theirs[part]:
            score += weight
            reasons.append(part)
    return Likeness(min(round(score, 2), 1.0), tuple(reasons))


def _name_likeness(mine: Mapping[str, str], theirs: Mapping[str, str]) -> float | None:
    """From 0 (nothing known) to 1; None when the names are different people's."""
    family = _alike(mine["family_name"], theirs["family_name"])
    given = _alike(mine["given_name"], theirs["given_name"])
    if family == 0.0 or given == 0.0:
        return None
    if family is None:
        return 0.0
    return family * (INITIAL if given is None else given)


def _alike(one: str, other: str) -> float | None:
    """How alike two names are: None when one is missing, 0 when they are different."""
    if not one or not other:
        return None
    if one == other:
        return 1.0
    if 1 in (len(one), len(other)) and one[0] == other[0]:
        return INITIAL
    ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return ratio if ratio >= NAME_LIKE_FROM else 0.0


def _parts(card: Mapping[str, object]) -> dict[str, str]:
    def text(name: str) -> str:
        value = card.get(name)
        return value if isinstance(value, str) and not is_placeholder(value) else ""

    phone, email = text("phone"), text("email")
    mailbox = "" if not email or email_is_shared(email) else name_key(email.rpartition("@")[0])
    return {
        "given_name": name_key(text("given_name")),
        "family_name": name_key(text("family_name")),
        "company": company_key(text("company")),
        "phone": "" if not phone or phone_is_blocked(phone) else phone[-TAIL_DIGITS:],
        "mailbox": mailbox if len(mailbox) >= MAILBOX_LETTERS_MIN else "",
    }


def _hash(*parts: str) -> int:
    digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
