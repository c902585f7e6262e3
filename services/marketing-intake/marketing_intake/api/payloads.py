"""Payloads that were kept: what was refused, why, and sending a mended one again."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from baton.auth.api_keys import Identity
from baton.errors import NotFound
from baton.http import PROBLEMS, Cursors, Page, PathUuid, request_origin, require
from baton.transaction import Origin
from marketing_intake import queries
from marketing_intake.api.door import LeadDoor, answer_to, refusal_answer, respond
from marketing_intake.api.leads import BODY, LeadTaken
from marketing_intake.api.replaying import replay
from marketing_intake.handlers.mending import StillRefused

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
        """Send what is mended in place of what was refused; it is taken once."""
        async with door.transactions.read() as reader:
            row = await _existing(reader, payload_id)
        source = await door.source_for(identity)
        if row["source_id"] != source.id:
            raise NotFound("this source has sent no such payload", field="payload_id")
        mended = (await request.body(), request.headers.get("content-type", ""))
        found = await replay(door, payload_id, mended, who=identity.who, origin=origin)
        request_id = request.scope["state"]["request_id"]
        if isinstance(found, StillRefused):
            return respond(refusal_answer(found.refused, payload_id, request_id))
        return respond(answer_to(found[0], request_id))

    return router


async def _existing(reader: Any, payload_id: str) -> dict[str, Any]:  # noqa: ANN401 a Reader
    row = await queries.payload(reader, payload_id)
    if row is None:
        raise NotFound("there is no such payload", field="payload_id")
    return row
