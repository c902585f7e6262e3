"""What comes to be captured, and what became of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import orjson

from baton.contracts.vocabulary import LeadState
from baton.transaction import Origin
from marketing_intake.domain.draft import Draft, RefusedDraft

ACCEPTED: Final = 202
EVENT_IDS_KEPT: Final = timedelta(days=400)
"""So long is a vendor's event id known: a captured request can be played again long afterwards."""


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A key as it is kept: a hash of the key, and a fingerprint of what came with it.

    `kept_for` is how long it is remembered; None means as long as keys of the API are.
    """

    key_hash: bytes
    fingerprint: bytes
    kept_for: timedelta | None = None


def event_id(key: str) -> Idempotency:
    """A vendor's own id of what it sent: whatever comes under it again is the same thing again."""
    hashed = hashlib.sha256(b"event:" + key.encode()).digest()
    return Idempotency(hashed, b"", EVENT_IDS_KEPT)


def fetched_key(key: str) -> str:
    """The event id of a lead that was fetched; its announcement has the bare one.

    So an announcement that is sent again is known, and a lead that is fetched again is too.
    """
    return f"fetched:{key}"


@dataclass(frozen=True, slots=True)
class Component:
    """What read a payload, and in which version: what reads it again when it is replayed."""

    name: str
    version: int = 1


LEAD_JSON: Final = Component("lead-json")


@dataclass(frozen=True, slots=True)
class Submission:
    """One thing as it came from a known source, readable or not.

    `headers` are the few without which the body can't be read again.
    """

    source_id: str
    draft: Draft
    body: bytes
    content_type: str
    origin: Origin
    received_at: datetime
    idempotency: Idempotency | None = None
    component: Component = LEAD_JSON
    contract_version: int = 1
    headers: Mapping[str, str] | None = None
    circumstances: Mapping[str, str] = field(default_factory=dict)
    """What a door that the person came through themselves saw: `ip`, `user_agent`."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The lead is durable."""

    lead_id: str
    person_id: str
    state: LeadState


@dataclass(frozen=True, slots=True)
class Recorded:
    """The activity is durable."""

    activity_id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """It is durable and asks for nothing now: ignored, to be fetched, or a deletion that is done.

    `status` is `ignored`, `awaiting` or `deleted`.
    """

    payload_id: str
    status: str


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


Outcome = Taken | Recorded | SetAside | Kept | Replayed | KeyReused


def answer_of(outcome: Outcome) -> tuple[int, bytes]:
    """Status and body of the answer to what was taken or kept."""
    match outcome:
        case Taken(lead_id, person_id, _):
            # A caught bot sees what everybody sees.
            body = {"lead_id": lead_id, "person_id": person_id, "status": "captured"}
            return ACCEPTED, orjson.dumps(body)
        case Recorded(activity_id, person_id):
            recorded = {"activity_id": activity_id, "person_id": person_id, "status": "recorded"}
            return ACCEPTED, orjson.dumps(recorded)
        case SetAside(payload_id, status):
            return ACCEPTED, orjson.dumps({"payload_id": payload_id, "status": status})
        case Kept(payload_id, refused):
            problem = {"payload_id": payload_id, "kind": refused.kind, "detail": refused.detail}
            return refused.status, orjson.dumps(problem | {"field": refused.field})
        case Replayed(status, body_again):
            return status, body_again
        case KeyReused():
            return 422, b"{}"
