"""Who a lead says it is: identifiers made comparable, and what an address says of its owner."""

import re
from typing import Final, NamedTuple

from baton.contracts.vocabulary import EmailKind

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

FREE_DOMAINS: Final = frozenset(
    {
        "aol.com", "bol.com.br", "fastmail.com", "free.fr", "gmail.com", "gmx.com", "gmx.de",
        "gmx.net", "googlemail.com", "hey.com", "hotmail.com", "hotmail.fr", "icloud.com",
        "live.com", "mail.com", "mail.ru", "me.com", "msn.com", "orange.fr", "outlook.com",
        "pm.me", "proton.me", "protonmail.com", "qq.com", "t-online.de", "uol.com.br", "web.de",
        "yahoo.co.uk", "yahoo.com", "yahoo.com.br", "yandex.ru", "zoho.com",
    }
)  # fmt: skip
DISPOSABLE_DOMAINS: Final = frozenset(
    {
        "10minutemail.com", "dispostable.com", "getnada.com", "guerrillamail.com",
        "mailinator.com", "maildrop.cc", "sharklasers.com", "temp-mail.org", "tempmail.com",
        "throwawaymail.com", "trashmail.com", "yopmail.com",
    }
)  # fmt: skip


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


def email_kind(email: str | None) -> EmailKind:
    """What the address's domain says of its owner."""
    if email is None:
        return EmailKind.NONE
    domain = email.rpartition("@")[2]
    if domain in DISPOSABLE_DOMAINS:
        return EmailKind.DISPOSABLE
    return EmailKind.FREE if domain in FREE_DOMAINS else EmailKind.BUSINESS


def identifiers(
    *, email: str | None, phone: str | None, external_id: str | None, source_id: str
) -> tuple[Identifier, ...]:
    """Strongest first: own e-mail, own phone, the source's own id (scoped to the source)."""
    found = []
    if email is not None:
        found.append(Identifier("email", email))
    if phone is not None:
        found.append(Identifier("phone", phone))
    if external_id is not None:
        found.append(Identifier(f"external:{source_id}", external_id))
    return tuple(found)
