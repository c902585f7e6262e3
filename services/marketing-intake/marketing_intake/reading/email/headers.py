"""The headers of a message: folded, encoded, repeated, with raw bytes in them."""

import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import Final

from marketing_intake.reading.email.charsets import cleaned, decoded

HEADERS_MAX: Final = 1000
VALUE_CHARACTERS_MAX: Final = 8_000
WORD: Final = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
QUOTED: Final = re.compile(rb"=([0-9A-Fa-f]{2})")
FOLD: Final = re.compile(r"\r?\n[ \t]*|\r")
NO_BASE64: Final = re.compile(r"[^A-Za-z0-9+/]")


@dataclass(frozen=True, slots=True)
class Headers:
    """Names in lower case and values as they came, unfolded, in their order."""

    pairs: tuple[tuple[str, str], ...]

    def raw(self, name: str) -> str:
        """The first value as it came, with its encoded words; empty when there is none."""
        return next((value for known, value in self.pairs if known == name), "")

    def all(self, name: str) -> list[str]:
        """Every value of the name, as it came."""
        return [value for known, value in self.pairs if known == name]

    def text(self, name: str) -> str:
        """The first value as text, on one line; empty when there is none."""
        return one_line(decoded_words(self.raw(name)))

    def has(self, name: str) -> bool:
        """Whether the name is there with any value."""
        return any(known == name for known, _ in self.pairs)


def headers_of(pairs: Iterable[tuple[str, str]]) -> Headers:
    """Headers from names and values that a vendor has taken apart."""
    kept = list(pairs)[:HEADERS_MAX]
    return Headers(
        tuple(
            (name.strip().lower(), FOLD.sub(" ", value)[:VALUE_CHARACTERS_MAX])
            for name, value in kept
        )
    )


def headers_in(message: Message) -> Headers:
    """The headers of a parsed message; raw bytes in them are taken for UTF-8 or Windows-1252."""
    return headers_of((name, _unescaped(str(value))) for name, value in message.raw_items())


def headers_from(block: bytes) -> Headers:
    """The headers of a block of header lines."""
    return headers_in(BytesHeaderParser(policy=compat32).parsebytes(block))


def decoded_words(text: str) -> str:
    """The text with its encoded words (RFC 2047) decoded; a broken word stays as it is.

    Words that follow one another are joined before they are decoded, because mailers cut
    characters in two.
    """
    parts: list[str] = []
    waiting, charset, position = b"", "", 0
    for match in WORD.finditer(text):
        gap = text[position : match.start()]
        data = _word(match[2], match[3])
        is_next = position > 0 and not gap.strip()
        if waiting and not (is_next and match[1].lower() == charset):
            parts.append(decoded(waiting, charset))
            waiting = b""
        if not is_next:
            parts.append(gap)
        waiting, charset, position = waiting + data, match[1].lower(), match.end()
    parts += [decoded(waiting, charset), text[position:]]
    return "".join(parts)


def one_line(text: str) -> str:
    """The text without line ends, and with single spaces."""
    return " ".join(cleaned(text).split())


def _word(encoding: str, text: str) -> bytes:
    if encoding in "qQ":
        data = text.replace("_", " ").encode("utf-8", "replace")
        return QUOTED.sub(lambda found: bytes.fromhex(found[1].decode()), data)
    bare = NO_BASE64.sub("", text)
    try:
        return binascii.a2b_base64(bare + "=" * (-len(bare) % 4))
    except binascii.Error:
        return text.encode("utf-8", "replace")


def _unescaped(value: str) -> str:
    """The parser keeps bytes above 127 as lone surrogates."""
    if value.isascii():
        return value
    return decoded(value.encode("utf-8", "surrogateescape"), None)
