"""Raw MIME becomes a `Mail`, whatever it looks like inside."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.policy import compat32
from typing import Final

from marketing_intake.reading.email.charsets import cleaned, decoded
from marketing_intake.reading.email.headers import (
    decoded_words,
    headers_in,
    one_line,
)
from marketing_intake.reading.email.html_text import text_of
from marketing_intake.reading.email.mail import Attachment, Mail, key_of
from marketing_intake.reading.findings import Unreadable

MAIL_BYTES_MAX: Final = 40 * 1024 * 1024
MULTIPARTS_MAX: Final = 50
QUESTIONS_MAX: Final = 20_000_000
"""About three seconds of parsing; a message of 25 MB with attachments needs a tenth of it."""
PARTS_MAX: Final = 500
BOUNDARIES_MAX: Final = 20_000
NAME_CHARACTERS_MAX: Final = 200
TEXT_BYTES_MAX: Final = 1024 * 1024
MULTIPART: Final = re.compile(rb"^content-type:\s*multipart/", re.IGNORECASE | re.MULTILINE)
HEADER_BYTES_MAX: Final = 256 * 1024
HEADER: Final = re.compile(rb"[!-9;-~]+:|[ \t]|From ")
SURE_HEADER: Final = re.compile(
    rb"(?:from|to|subject|date|message-id|mime-version|content-type|received)[ \t]*:", re.IGNORECASE
)
EMPTY_LINE: Final = re.compile(rb"\r?\n\r?\n")
LINES: Final = re.compile(rb"[^\n]*\n|[^\n]+")
SPACED_COLON: Final = re.compile(rb"^([!-9;-~]+)[ \t]+:")
BASE64: Final = re.compile(r"[A-Za-z0-9+/=\s]*")
PEEK: Final = 1_000
PARSER_FAULTS: Final = (
    *(ValueError, LookupError, TypeError, AttributeError, AssertionError),
    *(RecursionError, MessageError),
)
"""What the standard library's parser is known to raise on broken messages."""


@dataclass(slots=True)
class _Found:
    """What walking the parts has come upon."""

    attachments: list[Attachment] = field(default_factory=list)
    parts: int = 0


@dataclass(frozen=True, slots=True)
class _Piece:
    """A text inside the message; HTML is turned into text when it is chosen."""

    source: str
    is_html: bool

    def text(self) -> str:
        return text_of(self.source) if self.is_html else self.source


def mail_of(raw: bytes) -> Mail:
    """The message. Raises `Unreadable` where there is none in the bytes."""
    _check_size(raw)
    try:
        message = message_from_bytes(_mended(raw), policy=compat32)
        headers = headers_in(message)
        found = _Found()
        pieces = _pieces(message, found, is_root=True)
    except PARSER_FAULTS:
        raise Unreadable("the message must be MIME (RFC 5322, RFC 2045)") from None
    if not headers.pairs:
        raise Unreadable("the message has no headers")
    return Mail(headers, cleaned(_joined(pieces)), key_of(headers, [raw]), tuple(found.attachments))


def _joined(pieces: Iterable[_Piece]) -> str:
    """The texts in their order, as long as they are within what one message may say."""
    texts: list[str] = []
    left = TEXT_BYTES_MAX
    for piece in pieces:
        left -= len(piece.source)
        if left > 0 or not texts:
            texts.append(piece.text().strip())
    return "\n\n".join(filter(None, texts))


def _check_size(raw: bytes) -> None:
    if not raw.strip():
        raise Unreadable("the message is empty")
    if len(raw) > MAIL_BYTES_MAX:
        raise Unreadable(f"a message may have {MAIL_BYTES_MAX} bytes")
    multiparts = len(MULTIPART.findall(raw))
    if multiparts > MULTIPARTS_MAX:
        raise Unreadable(f"a message may have {MULTIPARTS_MAX} parts that have parts themselves")
    # The parser asks each level of nesting about each line, so it needs a limit before it starts.
    if (multiparts + 4) * raw.count(b"\n") > QUESTIONS_MAX:
        raise Unreadable("the message has too many lines for its depth")
    if multiparts and raw.count(b"\n--") > BOUNDARIES_MAX:
        raise Unreadable(f"a message may have {BOUNDARIES_MAX} boundaries")


def _mended(raw: bytes) -> bytes:
    """The message with header lines that the parser would take for the body's first line.

    A line that is none, among headers, is joined to the one before; a space before a colon goes.
    """
    end = EMPTY_LINE.search(raw, 0, HEADER_BYTES_MAX)
    if end is None:
        return raw
    block, body = raw[: end.start()], raw[end.start() :]
    lines = LINES.findall(block)
    last = max((at for at, line in enumerate(lines) if SURE_HEADER.match(line)), default=0)
    if all(HEADER.match(line) for line in lines[: last + 1]):
        return raw
    mended = [lines[0], *(_mended_line(line) for line in lines[1 : last + 1])]
    mended[0] = SPACED_COLON.sub(rb"\1:", mended[0], count=1)
    return b"".join([*mended, *lines[last + 1 :]]) + body


def _mended_line(line: bytes) -> bytes:
    spaced = SPACED_COLON.sub(rb"\1:", line, count=1)
    return spaced if HEADER.match(spaced) else b" " + line


def attachment_of(name: str, type_: str, size: int) -> Attachment:
    """What is said of an attachment, at bounded length."""
    shown = one_line(decoded_words(name)).replace("\\", "/").rpartition("/")[2]
    return Attachment(shown[:NAME_CHARACTERS_MAX], one_line(type_)[:NAME_CHARACTERS_MAX], size)


def _pieces(part: Message, found: _Found, *, is_root: bool = False) -> list[_Piece]:
    found.parts += 1
    if found.parts > PARTS_MAX:
        return []
    type_ = part.get_content_type()
    if part.is_multipart() and part.get_content_maintype() != "message":
        children = [child for child in part.get_payload() if isinstance(child, Message)]
        if type_ == "multipart/alternative":
            return _best([_pieces(child, found) for child in children])
        return [piece for child in children for piece in _pieces(child, found)]
    if type_ in ("text/plain", "text/html") and not _is_attached(part, is_root=is_root):
        charset = _or_none(part.get_content_charset)
        text = decoded(_payload(part)[:TEXT_BYTES_MAX], charset)
        return [_Piece(text, is_html=type_ == "text/html")]
    size = len(bytes(part)) if part.is_multipart() else len(_payload(part))
    found.attachments.append(attachment_of(_or_none(part.get_filename) or "", type_, size))
    return []


def _best(options: list[list[_Piece]]) -> list[_Piece]:
    """Plain text where it says anything, because it needs no guessing; else what there is."""
    filled = [pieces for pieces in options if any(piece.source.strip() for piece in pieces)]
    for pieces in filled:
        if any(not piece.is_html and piece.source.strip() for piece in pieces):
            return pieces
    return filled[0] if filled else []


def _is_attached(part: Message, *, is_root: bool) -> bool:
    disposition = _or_none(part.get_content_disposition)
    if disposition == "attachment":
        return True
    return not is_root and bool(_or_none(part.get_filename))


def _payload(part: Message) -> bytes:
    """The decoded bytes of a part; as they came where its encoding is not true."""
    came = part.get_payload()
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding == "base64" and isinstance(came, str) and not BASE64.fullmatch(came[:PEEK]):
        return came.encode("utf-8", "surrogateescape")
    try:
        payload = part.get_payload(decode=True)
    except PARSER_FAULTS:
        payload = str(came).encode("utf-8", "surrogateescape")
    return payload if isinstance(payload, bytes) else b""


def _or_none(read: Callable[[], str | None]) -> str | None:
    """A parameter of a header; None when the parser can't make sense of it."""
    try:
        return read()
    except PARSER_FAULTS:
        return None
