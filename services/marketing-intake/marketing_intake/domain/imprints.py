"""Imprints: e-mail addresses and phone numbers in bytes that nobody could make sense of.

What was refused or set aside belongs to no person. So that it can be found when one of the people
in it is to be forgotten, what looks like an address or a number is noted as a keyed hash.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import unquote_plus

from marketing_intake.domain.identity import Identifier
from marketing_intake.domain.identity_rules import AND

BYTES_MAX: Final = 256 * 1024
"""So much of a body is looked through, which is as much as a lead may have."""
IMPRINTS_MAX: Final = 200
DIGITS: Final = 8
"""Numbers are compared by their last digits, because a body may have them without a country."""
SIGNS_MAX: Final = 2000
"""So many at-signs are looked at."""
LOCAL: Final = re.compile(r"[^\s@\"'<>(),;:\\\[\]{}=&|/]{1,64}\Z")
DOMAIN: Final = re.compile(r"[^\s@\"'<>(),;:\\\[\]{}=&|/?#]{1,253}")
PHONE: Final = re.compile(r"\d(?:[ ().\-/+]{0,3}\d){7,14}")
APART: Final = re.compile(r"\D+")
ESCAPE: Final = re.compile(r"\\u00([2-7][0-9a-fA-F])")
DOTLESS: Final = frozenset({"gmail.com", "googlemail.com"})
"""Providers that pass over the dots in an address."""


def imprints_in(body: bytes) -> frozenset[str]:
    """The imprints in a body, as it stands and with the escapes of JSON and of forms undone.

    What is encoded otherwise (base64, quoted-printable) is not seen: that is deleted with age.
    """
    text = body[:BYTES_MAX].decode(errors="replace")
    found: set[str] = set()
    for reading in _readings(text):
        for imprint in _imprints(reading):
            found.add(imprint)
            if len(found) >= IMPRINTS_MAX:
                return frozenset(found)
    return frozenset(found)


def imprint_of(identifier: Identifier) -> str | None:
    """The imprint that an identifier leaves, of several values the first; None: it leaves none."""
    value = identifier.value.partition("|")[0]
    match identifier.kind.partition(AND)[0]:
        case "email":
            local, _, domain = value.rpartition("@")
            return _email_imprint(local, domain)
        case "phone":
            return _phone_imprint(value)
        case _:
            return None


def _readings(text: str) -> Iterator[str]:
    yield text
    if "\\u00" in text:
        yield ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if "%" in text or "+" in text:
        yield unquote_plus(text)


def _imprints(text: str) -> Iterator[str]:
    signs = islice(re.finditer("@", text), SIGNS_MAX)
    for at in (match.start() for match in signs):
        # Looked for around the sign: an expression for the whole would try each place anew.
        local, domain = LOCAL.search(text[max(0, at - 64) : at]), DOMAIN.match(text, at + 1)
        if local and domain:
            yield _email_imprint(local[0], domain[0])
    for match in PHONE.finditer(text):
        digits = ""
        # Two numbers with a blank between look like one: each end may be an end.
        for group in APART.split(match[0]):
            digits += group
            if imprint := _phone_imprint(digits):
                yield imprint


def _email_imprint(local: str, domain: str) -> str:
    """Without case, without a tag behind a plus, without the dots that a provider passes over."""
    name, host = local.lower().partition("+")[0], _ascii(domain.lower().rstrip("."))
    if host in DOTLESS:
        name, host = name.replace(".", ""), "gmail.com"
    return f"email {name}@{host}"


def _phone_imprint(text: str) -> str | None:
    digits = "".join(one for one in text if one.isdigit())
    return f"phone {digits[-DIGITS:]}" if len(digits) >= DIGITS else None


def _ascii(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain
