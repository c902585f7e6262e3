"""Pairs who may be one, by HTTP: looked at, merged or kept apart."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from baton.auth.api_keys import Identity
from baton.http import PROBLEMS, Cursors, Page, PathUuid, request_origin, require
from baton.transaction import Origin
from baton.transactions import Transactions
from marketing_intake.api.people_views import shown_card
from marketing_intake.domain.candidates import CandidateState
from marketing_intake.handlers import people_candidates
from marketing_intake.repository import candidates

Reader = Annotated[Identity, Depends(require("leads:read"))]
Admin = Annotated[Identity, Depends(require("people:admin"))]
FromRequest = Annotated[Origin, Depends(request_origin)]


class CandidateView(BaseModel):
    """Two people who may be one: why, how alike they are, and both cards."""

    candidate_id: str
    first_id: str
    second_id: str
    state: CandidateState
    reasons: list[str]
    score: float | None
    found_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    merge_id: str | None
    first_card: dict[str, object]
    second_card: dict[str, object]


class Accepted(BaseModel):
    """The merge, by whose id it can be taken back."""

    merge_id: str


def make_candidates_router(transactions: Transactions, cursors: Cursors) -> APIRouter:
    """`/v1/people/candidates`; to be included before `/v1/people/{person_id}`."""
    router = APIRouter(prefix="/v1/people/candidates", tags=["people"], responses=PROBLEMS)

    @router.get("")
    async def list_candidates(
        identity: Reader,
        state: CandidateState = CandidateState.OPEN,
        cursor: Annotated[str | None, Query(max_length=500)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> Page[CandidateView]:
        """Pairs of a state, newest first; `open` ones wait for somebody to look at them."""
        filters = {"list": "candidates", "state": state.value}
        before = cursors.decode(cursor, filters)[0] if cursor else None
        async with transactions.read() as reader:
            rows = await candidates.listed(reader, state=state, before=before, limit=limit)
        items = [_view(row, identity) for row in rows]
        is_full = len(items) == limit
        following = cursors.encode([items[-1].candidate_id], filters) if is_full else None
        return Page(items=items, next_cursor=following)

    @router.post("/{candidate_id}/accept", status_code=201)
    async def accept_candidate(
        candidate_id: PathUuid, admin: Admin, origin: FromRequest
    ) -> Accepted:
        """They are one: merge them."""
        async with transactions.begin() as tx:
            merge_id = await people_candidates.accept(
                candidate_id, tx, who=admin.who, origin=origin
            )
        return Accepted(merge_id=merge_id)

    @router.post("/{candidate_id}/dismiss", status_code=204)
    async def dismiss_candidate(candidate_id: PathUuid, admin: Admin) -> None:
        """They are two, and are proposed no more."""
        async with transactions.begin() as tx:
            await people_candidates.dismiss(candidate_id, tx, who=admin.who)

    return router


def _view(row: dict[str, Any], identity: Identity) -> CandidateView:
    cards = {name: shown_card(row[name] or {}, identity) for name in ("first_card", "second_card")}
    return CandidateView.model_validate(row | cards)
