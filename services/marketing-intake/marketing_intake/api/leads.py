"""Leads by HTTP: one, many at once, and what became of one."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from baton.auth.api_keys import Identity
from baton.contracts.vocabulary import Channel, LeadState
from baton.errors import NotFound
from baton.http import PROBLEMS, Cursors, Page, PathUuid, request_origin, require
from baton.transaction import Origin
from marketing_intake import queries
from marketing_intake.api.door import LeadDoor, answer_to, respond
from marketing_intake.api.items import items_content, items_of
from marketing_intake.domain.source import Source
from marketing_intake.handlers.submission import Kept, Outcome, SetAside, Submission, Taken
from marketing_intake.reading.json_lead import read_json
from marketing_intake.reading.lead_form import LeadForm

PAGE_DEFAULT: Final = 50
SENDER = Depends(require("leads:write"))
READER = Depends(require("leads:read"))
ORIGIN = Depends(request_origin)
IDEMPOTENCY_KEY: Final[dict[str, Any]] = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "The same key with the same body has the same answer, for a day.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        }
    ]
}
BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/LeadForm"}}},
    }
}

BATCH_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": items_content({"$ref": "#/components/schemas/LeadForm"}),
    }
}


class LeadTaken(BaseModel):
    """The lead is durable; `Location` says where to look for what becomes of it.

    `ignored`, with a payload and nothing else: a list names somebody who was forgotten.
    """

    lead_id: str | None = None
    person_id: str | None = None
    payload_id: str | None = None
    status: str


class ItemAnswer(BaseModel):
    """One item's answer, in the order of the items."""

    index: int
    status: int
    lead_id: str | None = None
    person_id: str | None = None
    payload_id: str | None = None
    field: str | None = None
    detail: str | None = None


class BatchAnswer(BaseModel):
    """How many were taken and refused, and an answer for each; some are neither (`ignored`)."""

    taken: int
    refused: int
    items: list[ItemAnswer]


class StepView(BaseModel):
    """One event of the lead's way."""

    event_id: str
    type: str
    happened_at: datetime
    recorded_at: datetime
    heard_at: datetime


class LeadView(BaseModel):
    """What became of a lead, from what intake has heard."""

    lead_id: str
    person_id: str
    source_id: str
    source: str
    campaign: str | None
    channel: Channel
    state: LeadState
    happened_at: datetime
    received_at: datetime
    fit: float | None
    engagement: float | None
    policy_version: int | None
    reasons: list[dict[str, Any]] | None
    missing: list[str] | None
    prospect_id: str | None
    rep: str | None
    outcome: str | None
    closure_reason: str | None
    amount: Decimal | None
    currency: str | None
    closed_at: datetime | None
    correlation_id: str


class LeadJourney(LeadView):
    """A lead with every step of its way, oldest first."""

    steps: list[StepView]


def make_leads_router(door: LeadDoor, cursors: Cursors) -> APIRouter:
    """`/v1/leads`."""
    router = APIRouter(prefix="/v1/leads", tags=["leads"], responses=PROBLEMS)

    @router.post("", status_code=202, response_model=LeadTaken, openapi_extra=IDEMPOTENCY_KEY)
    async def capture_lead(
        _: LeadForm, request: Request, identity: Identity = SENDER, origin: Origin = ORIGIN
    ) -> Response:
        """Take one lead. `Idempotency-Key` makes it safe to send again; see `hot.py`."""
        source = await door.source_for(identity)
        key = request.headers.get("idempotency-key")
        outcome = await door.take(
            await request.body(),
            source,
            content_type="application/json",
            origin=origin,
            idempotency_key=None if key is None else key.encode("latin-1"),
        )
        return respond(answer_to(outcome, request.scope["state"]["request_id"]))

    @router.post("/batch", openapi_extra=BATCH_BODY)
    async def capture_batch(
        request: Request, identity: Identity = SENDER, origin: Origin = ORIGIN
    ) -> BatchAnswer:
        """Take up to 1,000 leads (a JSON array, or one object a line); good ones are taken."""
        source = await door.source_for(identity)
        items = items_of(await request.body(), request.headers.get("content-type", ""), "leads")
        await door.admit(source, len(items))
        submissions = submissions_of(items, source, door, origin)
        return summary(await door.committer.commit_all(submissions))

    @router.get("")
    async def list_leads(
        _: Identity = READER,
        cursor: Annotated[str | None, Query(max_length=500)] = None,
        state: LeadState | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = PAGE_DEFAULT,
    ) -> Page[LeadView]:
        """Leads, newest first, without what names a person."""
        filters = {"list": "leads", "state": state}
        before = cursors.decode(cursor, filters)[0] if cursor else None
        async with door.transactions.read() as reader:
            rows = await queries.leads(reader, state=state, before=before, limit=limit)
        items = [LeadView.model_validate(row) for row in rows]
        is_full = len(items) == limit
        following = cursors.encode([items[-1].lead_id], filters) if is_full else None
        return Page(items=items, next_cursor=following)

    @router.get("/{lead_id}")
    async def show_lead(lead_id: PathUuid, _: Identity = READER) -> LeadJourney:
        """What became of a lead, with every step that intake has heard of."""
        async with door.transactions.read() as reader:
            row = await queries.lead(reader, lead_id)
            if row is None:
                raise NotFound("there is no such lead", field="lead_id")
            steps = await queries.steps(reader, lead_id)
        return LeadJourney.model_validate(row | {"steps": steps})

    return router


def submissions_of(
    items: Sequence[bytes], source: Source, door: LeadDoor, origin: Origin
) -> list[Submission]:
    """One submission for each item."""
    now = door.transactions.clock.now()
    return [
        Submission(
            source_id=source.id,
            draft=read_json(item, source, now, door.region),
            body=item,
            content_type="application/json",
            origin=origin,
            received_at=now,
            contract_version=source.contract_version,
        )
        for item in items
    ]


def summary(outcomes: Sequence[Outcome]) -> BatchAnswer:
    """The batch's answer."""
    items = [_item(index, outcome) for index, outcome in enumerate(outcomes)]
    taken = sum(1 for outcome in outcomes if isinstance(outcome, Taken))
    refused = sum(1 for outcome in outcomes if isinstance(outcome, Kept))
    return BatchAnswer(taken=taken, refused=refused, items=items)


def _item(index: int, outcome: Outcome) -> ItemAnswer:
    match outcome:
        case Taken(lead_id, person_id, _):
            return ItemAnswer(index=index, status=202, lead_id=lead_id, person_id=person_id)
        case Kept(payload_id, refused):
            return ItemAnswer(
                index=index,
                status=refused.status,
                payload_id=payload_id,
                field=refused.field,
                detail=refused.detail,
            )
        case SetAside(payload_id, status):
            return ItemAnswer(index=index, status=202, payload_id=payload_id, detail=status)
        case _:
            raise AssertionError("a batch carries no idempotency keys")


__all__ = ["LeadForm", "make_leads_router"]
