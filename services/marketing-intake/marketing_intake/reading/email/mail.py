"""One message in the shape that every way in brings it to."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketing_intake.reading.email.headers import Headers

KEY_CHARACTERS_MAX: Final = 200
SAID_DIGITS: Final = 32


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is said of an attachment; its bytes are counted, not kept."""

    name: str
    type: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Mail:
    """A message: `text` is the whole of it, with quoted tail and signature.

    `envelope_to` are the addresses it was delivered to, where they are known; they tell more than
    the header To. `envelope_from` is None when it is not known, and empty when the sender is null.
    `received_at` is when the vendor took it.
    """

    headers: Headers
    text: str
    key: str
    attachments: tuple[Attachment, ...] = ()
    envelope_to: tuple[str, ...] = ()
    envelope_from: str | None = None
    received_at: datetime | None = None


def known_by(mail: Mail) -> str:
    """Its key, and a hash of who says what and when.

    Tools give one Message-ID to many messages, and nobody's words are to be lost by that. What is
    delivered twice (to two addresses of ours, or again) says the same, whatever way it came.
    """
    said = [mail.headers.text(name) for name in ("from", "date", "subject")]
    digest = hashlib.sha256("\0".join((*said, mail.text)).encode(errors="surrogatepass"))
    return f"{mail.key} {digest.hexdigest()[:SAID_DIGITS]}"


def key_of(headers: Headers, otherwise: Iterable[bytes]) -> str:
    """The Message-ID without its brackets, or the SHA-256 of other bytes when it has none.

    A Message-ID too long to be a key is hashed as well.
    """
    given = headers.text("message-id").strip().strip("<>").strip()
    if given and len(given) <= KEY_CHARACTERS_MAX:
        return given
    digest = hashlib.sha256(given.encode())
    if not given:
        for part in otherwise:
            digest.update(part)
    return digest.hexdigest()
