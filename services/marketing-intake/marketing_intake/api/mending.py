"""What failed is mended: replayed as it came or with a mended body, one or many, or given up."""

from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from baton.auth.api_keys import Identity
from baton.errors import Conflict, NotFound
from baton.http import PROBLEMS, Cursors, PathUuid, request_origin, require
from baton.transaction import Origin
from marketing_intake import queries
from marketing_intake.api.door import LeadDoor, refusal_answer, respond
from marketing_intake.api.failed import filters_of
from marketing_intake.api.failed_shapes import (
    DiscardForm,
    FilterForm,
    ReplayAnswer,
    ReplaysAnswer,
    replay_answer,
)
from marketing_intake.api.replaying import replay
from marketing_intake.handlers import mending
from marketing_intake.handlers.mending import StillRefused

ADMIN = Depends(require("sources:admin"))
ORIGIN = Depends(request_origin)
CONTENT_TYPE_CHARACTERS_MAX: Final = 200
MENDED: Final[dict[str, Any]] = {
    "requestBody": {
        "description": "The mended body; without one the kept body is read again.",
        "content": {"*/*": {"schema": {"type": "string"}}},
    }
}


def make_mending_router(door: LeadDoor, cursors: Cursors) -> APIRouter:
    """What changes `/v1/failed`."""
    router = APIRouter(prefix="/v1/failed", tags=["failed"], responses=PROBLEMS)

    @router.post("/replay")
    async def replay_many(
        form: FilterForm, identity: Identity = ADMIN, origin: Origin = ORIGIN
    ) -> ReplaysAnswer:
        """Read refused payloads again as they came, oldest first, a bounded number at a time."""
        wanted = form.wanted()
        filters = filters_of(wanted, "replay")
        after = cursors.decode(form.cursor, filters)[0] if form.cursor else None
        async with door.transactions.read() as reader:
            ids = await queries.to_replay(reader, wanted, after=after, limit=form.limit)
        answer = ReplaysAnswer()
        for failed_id in ids:
            word = await _replay_of_many(door, failed_id, identity.who, origin)
            setattr(answer, word, getattr(answer, word) + 1)
        if len(ids) == form.limit:
            answer.next_cursor = cursors.encode([ids[-1]], filters)
        return answer

    @router.post("/{failed_id}/replay", response_model=ReplayAnswer, openapi_extra=MENDED)
    async def replay_one(
        failed_id: PathUuid, request: Request, identity: Identity = ADMIN, origin: Origin = ORIGIN
    ) -> Response:
        """Read it again, as it came or with the mended body that is sent; it is taken once."""
        body = await request.body()
        type_ = request.headers.get("content-type", "")[:CONTENT_TYPE_CHARACTERS_MAX]
        mended = (body, type_) if body else None
        found = await replay(door, failed_id, mended, who=identity.who, origin=origin)
        if isinstance(found, StillRefused):
            request_id = request.scope["state"]["request_id"]
            return respond(refusal_answer(found.refused, failed_id, request_id))
        return JSONResponse(replay_answer(found).model_dump())

    @router.post("/{failed_id}/discard", status_code=204)
    async def discard_failed(
        failed_id: PathUuid, form: DiscardForm, identity: Identity = ADMIN
    ) -> None:
        """Give it up, for a recorded reason."""
        async with door.transactions.begin() as tx:
            await mending.discard(failed_id, form.why, tx, who=identity.who)

    return router


async def _replay_of_many(door: LeadDoor, failed_id: str, who: str, origin: Origin) -> str:
    try:
        found = await replay(door, failed_id, None, who=who, origin=origin)
    except (Conflict, NotFound):
        return "skipped"  # mended or given up meanwhile, or its body is deleted
    return "refused" if isinstance(found, StillRefused) else "replayed"
