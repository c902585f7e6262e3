"""The link by which a person confirms that it was they who filled in a form."""

import hashlib
import hmac
import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from marketing_intake.domain.signing import signed, unsigned

PURPOSE: Final = "opt-in"
UUID_BYTES: Final = 16
BODY_BYTES: Final = 20
MESSAGES_PER_DAY_MAX: Final = 3
"""A stranger may put anybody's address into a form; so many messages a day are sent to it."""


class MessageState(StrEnum):
    """What became of the message with the link."""

    WAITING = "waiting"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"  # the server will never take it
    WITHHELD = "withheld"  # the address has had enough of them today


class Link(NamedTuple):
    """What a confirmation link says: which lead, and until when."""

    lead_id: str
    expires_at: datetime


def link_token(link: Link, secret: bytes) -> str:
    """The link's token; the same for the same lead and second."""
    moment = int(link.expires_at.timestamp())
    body = uuid.UUID(link.lead_id).bytes + moment.to_bytes(4, "big")
    return signed(body, secret=secret, purpose=PURPOSE)


def read_link(token: str, secrets: tuple[bytes, ...]) -> Link | None:
    """What a token says; None when it is none of ours. It may be over: compare `expires_at`."""
    body = unsigned(token, secrets=secrets, purpose=PURPOSE)
    if body is None or len(body) != BODY_BYTES:
        return None
    moment = int.from_bytes(body[UUID_BYTES:], "big")
    lead_id = str(uuid.UUID(bytes=body[:UUID_BYTES]))
    return Link(lead_id, datetime.fromtimestamp(moment, UTC))


def token_hash(token: str) -> bytes:
    """What is kept of a token, as evidence."""
    return hashlib.sha256(token.encode()).digest()


def address_hash(email: str, secret: bytes) -> bytes:
    """What an address is counted by, while one of its leads waits."""
    return hmac.new(secret, b"address\0" + email.lower().encode(), hashlib.sha256).digest()[:16]
