"""Which company a lead is of: an id that stays the same and names nobody; and how large it is."""

import hashlib
import re
from functools import lru_cache
from typing import Final

from marketing_intake.domain.identity_domains import is_anybodys
from marketing_intake.domain.names import company_key

SECOND_LEVEL: Final = frozenset(
    {"ac", "co", "com", "edu", "gob", "gov", "ltd", "ne", "net", "nom", "or", "org", "plc"}
)
"""What stands before a country's ending as a part of it, as in `co.uk`."""
COUNTRY_CHARACTERS: Final = 2
IDS_REMEMBERED: Final = 4096
SIZES: Final = (1, 10, 50, 200, 500, 1000, 5000, 10_000)
NUMBER: Final = re.compile(r"[0-9][0-9.,']*(?:\s*[km]\b)?")
OPEN_ENDED: Final = ("+", ">", "more than", "over")
DIGITS_MAX: Final = 12
EMPLOYEES_MAX: Final = 10_000_000
THOUSANDS: Final = {"k": 1000, "m": 1_000_000}


def company_id_of(email: str | None, company: str | None, pepper: bytes = b"") -> str | None:
    """The id of the company that a lead speaks of, from its address or else its company's name.

    The address's domain counts first, unless it is a provider's where anybody may have a mailbox;
    all that is under one registered domain is one company. Without it the name counts, without its
    legal form. The two are kept apart: nobody can tell from `acme.de` that it is "Acme Inc".
    None when there is neither.

    The id is BLAKE2b of that under `pepper`, laid out as a UUIDv8, and not a UUIDv5: facts are
    kept for ever and may leave the house, and whoever has a list of domains could undo a hash
    without a secret. It is not a random id either, which would have to be looked up for each lead.
    The pepper is made once with the database and never changes, or the ids would.
    """
    domain = None if email is None else company_domain(email)
    if domain is not None:
        return _id("domain", domain, pepper)
    key = company_key(company) if company else ""
    return _id("name", key, pepper) if key else None


def company_domain(email: str) -> str | None:
    """The registered domain behind a normalised address; None when it is a provider's."""
    domain = email.rpartition("@")[2]
    if is_anybodys(domain):
        return None
    labels = domain.split(".")
    if len(labels) <= 2:
        return domain
    is_shared = len(labels[-1]) == COUNTRY_CHARACTERS and labels[-2] in SECOND_LEVEL
    return ".".join(labels[-3 if is_shared else -2 :])


def size_band(given: object) -> str | None:
    """The band that a number of employees lies in, such as `51-200`; None when there is none.

    Takes a number or what forms offer: "51-200", "1,000+", "more than 500", "2k". Of a range its
    upper end counts.
    """
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    employees = _employees(given)
    if not 1 <= employees <= EMPLOYEES_MAX:
        return None
    lower = 1
    for upper in SIZES:
        if employees <= upper:
            return str(upper) if lower == upper else f"{lower}-{upper}"
        lower = upper + 1
    return f"{lower}+"


def _employees(given: str | float) -> int:
    """How many at most, 0 when no number is there; one more when it is a lower end."""
    if not isinstance(given, str):
        return round(given) if 0 <= given <= EMPLOYEES_MAX else 0
    text = given.lower()
    largest = max(map(_number, NUMBER.findall(text)), default=0)
    return largest + 1 if largest and any(word in text for word in OPEN_ENDED) else largest


def _number(text: str) -> int:
    unit = THOUSANDS.get(text[-1], 1)
    if unit > 1:
        whole, _, rest = text[:-1].strip().replace(",", ".").partition(".")
        return int(_digits(whole)) * unit + int(f"{_digits(rest):0<3}"[:3]) * unit // 1000
    return int(_digits(text))


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())[:DIGITS_MAX]


@lru_cache(maxsize=IDS_REMEMBERED)
def _id(kind: str, value: str, pepper: bytes) -> str:
    text = f"{kind}:{value}".encode()
    digest = hashlib.blake2b(
        text, key=pepper[:64], digest_size=16, person=b"baton-company"
    ).digest()
    marked = bytearray(digest)
    marked[6] = (marked[6] & 0x0F) | 0x80  # version 8 of RFC 9562: made in a way of one's own
    marked[8] = (marked[8] & 0x3F) | 0x80
    text_id = marked.hex()
    return f"{text_id[:8]}-{text_id[8:12]}-{text_id[12:16]}-{text_id[16:20]}-{text_id[20:]}"
