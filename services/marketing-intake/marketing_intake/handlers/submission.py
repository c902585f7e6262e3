"""What comes to be captured, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from baton.contracts.vocabulary import LeadState
from baton.transaction import Origin
from marketing_intake.domain.draft import LeadDraft, RefusedDraft

ACCEPTED: Final = 202


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A key as it is kept: a hash of the key, and a fingerprint of what came with it."""

    key_hash: bytes
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Submission:
    """One lead as it came from a known source, readable or not."""

    source_id: str
    draft: LeadDraft | RefusedDraft
    body: bytes
    content_type: str
    origin: Origin
    received_at: datetime
    idempotency: Idempotency | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """The lead is durable."""

    lead_id: str
    person_id: str
    state: LeadState


@dataclass(frozen=True, slots=True)
class Kept:
    """It could not be taken; its payload is kept under this id."""

    payload_id: str
    refused: RefusedDraft


@dataclass(frozen=True, slots=True)
class Replayed:
    """The same key came before: the same answer is given."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The same key came before, with another body."""


Outcome = Taken | Kept | Replayed | KeyReused


def answer_of(outcome: Outcome) -> tuple[int, bytes]:
    """Status and body of the answer to a lead that was taken or kept."""
    match outcome:
        case Taken(lead_id, person_id, _):
            # A caught bot sees what everybody sees.
            body = {"lead_id": lead_id, "person_id": person_id, "status": "captured"}
            return ACCEPTED, orjson.dumps(body)
        case Kept(payload_id, refused):
            problem = {"payload_id": payload_id, "kind": refused.kind, "detail": refused.detail}
            return refused.status, orjson.dumps(problem | {"field": refused.field})
        case Replayed(status, body_again):
            return status, body_again
        case KeyReused():
            return 422, b"{}"
