"""The park by HTTP: list, show, replay, discard."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from baton.errors import Refused
from baton.http import Identity, require
from baton.http.problems import PROBLEMS
from baton.messaging import parking
from baton.messaging.unparking import Unparking
from baton.transactions import Transactions

Operator = Annotated[Identity, Depends(require("parking:admin"))]
POSITION_MAX = 2**63 - 1


class ParkedView(BaseModel):
    """A message set aside, without what it says."""

    id: int
    topic: str
    partition: int
    position: int
    key: str
    event_id: str | None
    event_type: str | None
    status: str
    reason: str
    message: str
    attempts: int
    first_failed_at: datetime
    next_attempt_at: datetime


class ParkedDetail(ParkedView):
    """One of them, with what helps to find the fault."""

    traceback: str | None
    headers: dict[str, str]
    bytes: int | None


class ParkedPage(BaseModel):
    """Messages set aside, oldest first; `next_after` is null at the end."""

    items: list[ParkedView]
    next_after: int | None


class Discard(BaseModel):
    """Why a message is given up."""

    why: str = Field(min_length=3, max_length=500, examples=["sent twice by a test script"])


class Replayed(BaseModel):
    """The message was handled; its effects are committed."""

    id: int


def make_parking_router(transactions: Transactions, unparking: Unparking) -> APIRouter:
    """`/v1/parked`: for operators."""
    router = APIRouter(prefix="/v1/parked", tags=["parking"], responses=PROBLEMS)

    @router.get("")
    async def list_parked(
        _: Operator,
        after: Annotated[int, Query(ge=0, le=POSITION_MAX)] = 0,
        status: Annotated[str | None, Query(pattern="^(held|parked)$")] = None,
        limit: Annotated[int, Query(ge=1, le=parking.PAGE_MAX)] = 50,
    ) -> ParkedPage:
        """What is set aside, oldest first."""
        async with transactions.read() as reader:
            rows = await parking.listed(reader, after=after, status=status, limit=limit)
        items = [ParkedView.model_validate(row) for row in rows]
        return ParkedPage(items=items, next_after=items[-1].id if len(items) == limit else None)

    @router.get("/{parked_id}")
    async def show_parked(parked_id: int, _: Operator) -> ParkedDetail:
        """One message, with its traceback; of its value only the size is shown."""
        async with transactions.read() as reader:
            return ParkedDetail.model_validate(
                await parking.shown(reader, _within_limits(parked_id))
            )

    @router.post("/{parked_id}/replay")
    async def replay_parked(parked_id: int, _: Operator) -> Replayed:
        """Handle it now; 422 says why when it still can't be."""
        await unparking.replay(_within_limits(parked_id))
        return Replayed(id=parked_id)

    @router.post("/{parked_id}/discard", status_code=204)
    async def discard_parked(parked_id: int, body: Discard, identity: Operator) -> None:
        """Give it up, for a recorded reason."""
        await unparking.discard(_within_limits(parked_id), who=identity.who, why=body.why)

    return router


def _within_limits(parked_id: int) -> int:
    if not 0 < parked_id <= POSITION_MAX:
        raise Refused("id must be a positive whole number of 63 bits", field="id")
    return parked_id
