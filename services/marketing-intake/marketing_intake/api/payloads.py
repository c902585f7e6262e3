"""Payloads that were kept: what was refused, why, and sending a mended one again."""

import hashlib
from datetime import datetime
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from baton.auth.api_keys import Identity
from baton.errors import Conflict, NotFound
from baton.http import PROBLEMS, Cursors, Page, PathUuid, request_origin, require
from baton.transaction import Origin
from marketing_intake import queries
from marketing_intake.api.door import LeadDoor, answer_to, respond
from marketing_intake.api.leads import BODY, LeadTaken
from marketing_intake.handlers.people import mark_resent
from marketing_intake.handlers.submission import ACCEPTED, Outcome, Replayed, Taken

READER = Depends(require("leads:read"))
SENDER = Depends(require("leads:write"))


class PayloadView(BaseModel):
    """A kept payload, without what it says."""

    payload_id: str
    source_id: str
    source: str
    received_at: datetime
    content_type: str
    status: str
    kind: str | None
    field: str | None
    detail: str | None
    bytes: int | None
    resent_as: str | None


class PayloadDetail(PayloadView):
    """A kept payload; its text only for whoever may read personal data."""

    body: str | None


def make_payloads_router(door: LeadDoor, cursors: Cursors) -> APIRouter:
    """`/v1/payloads`."""
    router = APIRouter(prefix="/v1/payloads", tags=["payloads"], responses=PROBLEMS)

    @router.get("")
    async def list_payloads(
        _: Identity = READER,
        status: Literal["refused", "taken"] = "refused",
        cursor: Annotated[str | None, Query(max_length=500)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> Page[PayloadView]:
        """Payloads of a status, newest first."""
        filters = {"list": "payloads", "status": status}
        before = cursors.decode(cursor, filters)[0] if cursor else None
        async with door.transactions.read() as reader:
            rows = await queries.payloads(reader, status=status, before=before, limit=limit)
        items = [PayloadView.model_validate(row) for row in rows]
        is_full = len(items) == limit
        following = cursors.encode([items[-1].payload_id], filters) if is_full else None
        return Page(items=items, next_cursor=following)

    @router.get("/{payload_id}")
    async def show_payload(payload_id: PathUuid, identity: Identity = READER) -> PayloadDetail:
        """One payload; `body` is null without `pii:read`."""
        async with door.transactions.read() as reader:
            row = await _existing(reader, payload_id)
        may_read = "pii:read" in identity.scopes and row["body"] is not None
        body = row["body"].decode(errors="replace").replace("\0", "\\0") if may_read else None
        return PayloadDetail.model_validate(row | {"body": body})

    @router.post(
        "/{payload_id}/resend", status_code=202, response_model=LeadTaken, openapi_extra=BODY
    )
    async def resend_payload(
        payload_id: PathUuid,
        request: Request,
        identity: Identity = SENDER,
        origin: Annotated[Origin, Depends(request_origin)] = Origin.fresh(),  # noqa: B008 replaced
    ) -> Response:
        """Send the mended lead in place of one that was refused."""
        async with door.transactions.read() as reader:
            row = await _existing(reader, payload_id)
        source = await door.source_for(identity)
        if row["source_id"] != source.id:
            raise NotFound("this source has sent no such payload", field="payload_id")
        if row["status"] != "refused" or row["resent_as"] is not None:
            raise Conflict("this payload needs no mending", field="payload_id")
        body = await request.body()
        outcome = await door.take(
            body,
            source,
            content_type="application/json",
            origin=origin,
            idempotency_key=_resend_key(payload_id, body),
        )
        lead_id = _lead_id(outcome)
        if lead_id is not None:
            async with door.transactions.begin() as tx:
                await mark_resent(payload_id, lead_id, tx)
        return respond(answer_to(outcome, request.scope["state"]["request_id"]))

    return router


def _resend_key(payload_id: str, body: bytes) -> bytes:
    # With the body, so that one mended wrongly may be mended once more.
    return f"resend-{payload_id}-{hashlib.sha256(body).hexdigest()}".encode()


def _lead_id(outcome: Outcome) -> str | None:
    match outcome:
        case Taken(lead_id, _, _):
            return lead_id
        case Replayed(status, body) if status == ACCEPTED:
            # The process may have died between taking the lead and marking the payload.
            replayed: str = orjson.loads(body)["lead_id"]
            return replayed
        case _:
            return None


async def _existing(reader: Any, payload_id: str) -> dict[str, Any]:  # noqa: ANN401 a Reader
    row = await queries.payload(reader, payload_id)
    if row is None:
        raise NotFound("there is no such payload", field="payload_id")
    return row
