"""Who a header names: addresses, display names, and the tag after a plus."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from marketing_intake.reading.email.headers import decoded_words, one_line

NAME_CHARACTERS_MAX: Final = 200
ADDRESSES_MAX: Final = 200
# Each alternative may end without its closing character, so that no text makes it search twice.
WORDS: Final = re.compile(
    r'"(?:[^"\\]|\\.)*"?|\((?:[^()\\]|\\.)*\)?|<[^<>]*>?|[,;]|[^",;<(]+', re.DOTALL
)
ATOM: Final = r"[^\s\x00-\x1f\x7f<>()\[\],;:\"@\\]"
ADDRESS: Final = re.compile(f"{ATOM}{{1,64}}@{ATOM}{{1,255}}")
QUOTES: Final = re.compile(r'^"|(?<!\\)"$')
ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
COMMENT: Final = re.compile(r"\([^()]*\)")
AROUND_DOT: Final = re.compile(r"\s*([.@])\s*")
INITIALS: Final = re.compile(r"^((?:\S+\s+)(?:[^\W\d]\.\s*)*)(.*)$")
VIA: Final = re.compile(r"\s+(?:via|über|par)\s.*$", re.IGNORECASE)
ASIDE: Final = re.compile(r"\s*[(\[][^)\]]*[)\]]?")
TITLE: Final = re.compile(r"^(?:(?:dr|prof|mr|mrs|ms|herr|frau|ing|dipl)\b\.?\s+)+", re.IGNORECASE)
NO_PERSON: Final = re.compile(
    r"[\d&@/|:]|\b(?:gmbh|ltd|llc|inc|corp|team|support|sales|info)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Address:
    """An address as it was written, and the name beside it; the name may be empty."""

    email: str
    name: str = ""

    @property
    def base(self) -> str:
        """The address to compare by: lower case, without a tag."""
        return base_of(self.email)


@dataclass(slots=True)
class _Mailbox:
    """What has been read of one mailbox."""

    words: list[str]
    comment: str = ""
    angle: str | None = None


def addresses_in(value: str) -> tuple[Address, ...]:
    """The addresses of a header as it came, in order, at most 200 of them.

    A name with a bare comma in it, and a header that is one encoded word, are understood too.
    """
    found = tuple(_addresses(value))
    if not found and "=?" in value:
        found = tuple(_addresses(decoded_words(value)))
    return found[:ADDRESSES_MAX]


def base_of(email: str) -> str:
    """The address in lower case without the tag after a plus."""
    local, _, domain = email.strip().strip("<>").lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def tag_of(email: str) -> str:
    """What stands between a plus and the @; empty when there is none."""
    return email.strip().strip("<>").rpartition("@")[0].partition("+")[2]


def names_of(display: str) -> dict[str, str]:
    """`name`, and `given_name` and `family_name` where the name seems to be a person's."""
    name = one_line(display)[:NAME_CHARACTERS_MAX]
    if not name or "@" in name:
        return {}
    bare = TITLE.sub("", ASIDE.sub("", name)).strip(" ,")
    if NO_PERSON.search(bare):
        return {"name": name}
    family, comma, given = (part.strip() for part in bare.partition(","))
    if not comma:
        given, family = _given_and_family(bare)
    if not given or not family:
        return {"name": name}
    return {"name": name, "given_name": given, "family_name": family}


def without_via(name: str) -> str:
    """The sender's own name where a list or a form has put its own behind it."""
    return VIA.sub("", name).strip("'\" ")


def _given_and_family(name: str) -> tuple[str, str]:
    """The first word and the initials after it, and the rest."""
    match = INITIALS.match(name)
    return (match[1].strip(), match[2].strip()) if match is not None else (name, "")


def _addresses(value: str) -> Iterator[Address]:
    mailbox = _Mailbox([])
    for match in WORDS.finditer(value + ","):
        word = match[0]
        if word not in ",;":
            _take(word, mailbox)
            continue
        address = _address(mailbox)
        if address is not None:
            yield address
        # A name such as `Lovelace, Ada <…>` goes on after its one comma.
        goes_on = address is None and word == "," and 0 < len(mailbox.words) < 3
        mailbox = _Mailbox([*mailbox.words, ", "] if goes_on else [])


def _take(word: str, mailbox: _Mailbox) -> None:
    match word[0]:
        case '"':
            mailbox.words.append(ESCAPE.sub(r"\1", QUOTES.sub("", word)))
        case "(":
            mailbox.comment = word.strip("()")
        case "<":
            mailbox.angle = word.strip("<>")
        case _:
            mailbox.words.append(word)


def _address(mailbox: _Mailbox) -> Address | None:
    words = "".join(mailbox.words)
    text = words if mailbox.angle is None else _bare(mailbox.angle)
    match = ADDRESS.search(text)
    if match is None:
        return None
    rest = words if mailbox.angle is not None else words.replace(match[0], "")
    name = rest if rest.strip(" ,:") else mailbox.comment
    shown = one_line(decoded_words(name)).strip("'\" ,")
    return Address(match[0].strip(".'"), "" if shown.endswith(":") else shown)


def _bare(angle: str) -> str:
    """Without the comments and spaces that RFC 822 allowed inside an address."""
    return AROUND_DOT.sub(r"\1", COMMENT.sub("", angle))
