"""The door through which single leads come: who sends it, is it new, what is answered."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import orjson
from fastapi.responses import Response

from baton.auth.api_keys import Identity, KeyRing
from baton.auth.require import check_scopes
from baton.errors import Forbidden, Refused
from baton.http.problems import MEDIA_TYPE, problem_body
from baton.transaction import Origin
from baton.transactions import Transactions
from baton.vault import vault_of
from marketing_intake import metrics
from marketing_intake.api.committer import Committer
from marketing_intake.api.known_machines import known_machines
from marketing_intake.api.known_sources import KnownSources
from marketing_intake.api.limiter import Limiter
from marketing_intake.domain.draft import RefusedDraft
from marketing_intake.domain.source import Source
from marketing_intake.handlers.submission import (
    ACCEPTED,
    Idempotency,
    Kept,
    KeyReused,
    Outcome,
    Recorded,
    Replayed,
    SetAside,
    Submission,
    Taken,
    answer_of,
)
from marketing_intake.reading.json_lead import read_json
from marketing_intake.repository import contracts
from marketing_intake.settings import IntakeSettings

KEY_CHARACTERS_MAX: Final = 255
SENDERS_MAX: Final = 10_000
SENDERS_KEPT: Final = timedelta(seconds=2)
"""On top of what keys and sources are remembered: a revoked key ends within seven seconds."""
JSON: Final = (b"content-type", b"application/json")
PROBLEM: Final = (b"content-type", MEDIA_TYPE.encode())
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    headers: Headers
    body: bytes


def respond(answer: Answer) -> Response:
    """The answer as a route gives it."""
    headers = {name.decode(): value.decode() for name, value in answer.headers}
    return Response(answer.body, answer.status, headers)


class LeadDoor:
    """Everything that the ways in share: keys, sources, the committer, and the answers."""

    def __init__(
        self, transactions: Transactions, lookups: Transactions, settings: IntakeSettings
    ) -> None:
        self.transactions = transactions
        self.region = settings.default_region
        self.sources = KnownSources(transactions)
        self.vault = vault_of(settings)
        # What the secret before this one signed goes on counting: links lie in mailboxes for days.
        known = (settings.secret, settings.secret_previous)
        self.signing = tuple(one.get_secret_value().encode() for one in known if one is not None)
        self.keys = KeyRing(transactions)
        self.limiter = Limiter(
            transactions.clock,
            self._claim,
            asyncio.sleep,  # noqa: TID251 a lead waits for its turn, which is a moment of the clock
        )
        # The whole header and what was found for it: one look-up instead of two and their checks.
        self._senders: dict[bytes, tuple[datetime, Source]] = {}
        self.committer = Committer(
            lookups,
            machines=known_machines(settings),
            queue_max=settings.queue_max,
            leads_max=settings.commit_leads_max,
        )

    async def admit(self, source: Source, count: int = 1) -> None:
        """Return when the source's limits allow so many more. Raises `TooMany`."""
        if source.limits is not None:
            await self.limiter.admit(source, source.limits, count)

    async def _claim(self, source_id: str, day: date, wanted: int, *, per_day: int) -> int:
        async with self.transactions.begin() as tx:
            return await contracts.claim(tx, source_id, day, wanted, per_day=per_day)

    def known_source(self, authorization: bytes | None) -> Source | None:
        """The source that this key belongs to, if it was looked up a moment ago."""
        known = self._senders.get(authorization or b"")
        if known is None or known[0] <= self.transactions.clock.now():
            return None
        return known[1]

    async def source_of(self, authorization: bytes | None) -> Source:
        """The source that this key belongs to. Raises `Unauthorized` and `Forbidden`."""
        known = self.known_source(authorization)
        if known is not None:
            return known
        now = self.transactions.clock.now()
        source = await self.source_for(await self.keys.identify(authorization))
        if len(self._senders) >= SENDERS_MAX:
            self._senders.clear()
        self._senders[authorization or b""] = (now + SENDERS_KEPT, source)
        return source

    async def source_for(self, identity: Identity) -> Source:
        """The open source that this caller sends for. Raises `Forbidden`."""
        check_scopes(identity, ("leads:write",))
        source_id = identity.source_id
        source = None if source_id is None else await self.sources.by_id(source_id)
        if source is None:
            raise Forbidden("the key must belong to a source", "leads:write")
        if not source.is_active:
            raise Forbidden("the source is closed", "leads:write")
        return source

    async def take(
        self,
        body: bytes,
        source: Source,
        *,
        content_type: str,
        origin: Origin,
        idempotency_key: bytes | None,
    ) -> Outcome:
        """Take one lead from a JSON body; returns once it is durable.

        Raises `Unavailable`, and `TooMany` over the source's limits.
        """
        if source.limits is not None:
            await self.admit(source)
        submission = self.read(
            body, source, content_type=content_type, origin=origin, idempotency_key=idempotency_key
        )
        return await self.committer.submit(submission)

    def read(
        self,
        body: bytes,
        source: Source,
        *,
        content_type: str,
        origin: Origin,
        idempotency_key: bytes | None,
    ) -> Submission:
        """One lead from a JSON body, as it goes to the committer. Raises `Refused` for its key."""
        now = self.transactions.clock.now()
        return Submission(
            source_id=source.id,
            draft=read_json(body, source, now, self.region),
            body=body,
            content_type=content_type,
            origin=origin,
            received_at=now,
            idempotency=idempotency_of(idempotency_key, body),
            contract_version=source.contract_version,
        )


def idempotency_of(key: bytes | None, body: bytes) -> Idempotency | None:
    """The key as it is kept. A quoted key (RFC 8941) and a bare one are the same key.

    Raises `Refused` for one that is empty or too long.
    """
    if key is None:
        return None
    bare = key.strip().strip(b'"')
    if not bare or len(bare) > KEY_CHARACTERS_MAX:
        raise Refused(
            f"Idempotency-Key must have 1 to {KEY_CHARACTERS_MAX} characters",
            field="Idempotency-Key",
        )
    return Idempotency(hashlib.sha256(bare).digest(), hashlib.sha256(body).digest())


def answer_to(outcome: Outcome, request_id: str) -> Answer:
    """What the sender is told."""
    match outcome:
        case Taken(lead_id, _, _):
            status, body = answer_of(outcome)
            return Answer(status, [JSON, (b"location", f"/v1/leads/{lead_id}".encode())], body)
        case Recorded() | SetAside():
            status, body = answer_of(outcome)
            return Answer(status, [JSON], body)
        case Kept(payload_id, refused):
            return refusal_answer(refused, payload_id, request_id)
        case Replayed(status, body):
            return _again(status, body, request_id)
        case KeyReused():
            metrics.TURNED_AWAY.labels("key_reused").inc()
            detail = "this Idempotency-Key came before with another body"
            errors = [{"pointer": "#/Idempotency-Key", "detail": detail}]
            problem = problem_body(
                422, detail, kind="key-reused", errors=errors, request_id=request_id
            )
            return Answer(422, [PROBLEM], problem)


def _again(status: int, body: bytes, request_id: str) -> Answer:
    replayed = (b"idempotent-replayed", b"true")
    stored = orjson.loads(body)
    if status == ACCEPTED:
        place = [(b"location", f"/v1/leads/{one}".encode()) for one in _lead_ids(stored)]
        return Answer(status, [JSON, replayed, *place], body)
    refused = RefusedDraft(stored["kind"], stored["field"], stored["detail"], status)
    answer = refusal_answer(refused, stored["payload_id"], request_id)
    return Answer(answer.status, [*answer.headers, replayed], answer.body)


def _lead_ids(stored: dict[str, str]) -> list[str]:
    return [stored["lead_id"]] if "lead_id" in stored else []


def refusal_answer(refused: RefusedDraft, payload_id: str, request_id: str) -> Answer:
    """The problem of a lead that was kept but not taken; `instance` is where it is kept."""
    errors = []
    if refused.field is not None:
        errors.append({"pointer": f"#/{refused.field}", "detail": refused.detail})
    document = problem_body(
        refused.status,
        f"{refused.field}: {refused.detail}" if refused.field else refused.detail,
        kind=refused.kind,
        errors=errors,
        request_id=request_id,
    )
    body = document[:-1] + f',"instance":"/v1/payloads/{payload_id}"'.encode() + b"}"
    return Answer(refused.status, [PROBLEM], body)
