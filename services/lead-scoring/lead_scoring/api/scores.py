"""Scores by HTTP: where a person stands, and stood, and why."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel

from baton.auth.api_keys import Identity
from baton.contracts.vocabulary import LeadState
from baton.http import PAGE_MAX, PROBLEMS, Cursors, Page, PathUuid, require
from baton.settings import ServiceSettings
from baton.transactions import Transactions
from lead_scoring.api.overrides import OverrideView
from lead_scoring.api.views import ReceiptView, ScoreView, receipt_view, score_view
from lead_scoring.domain.policy import Policy
from lead_scoring.handlers import scores
from lead_scoring.handlers.scores import PersonScore
from lead_scoring.repository import policies, receipts
from lead_scoring.repository.receipts import NEWEST, Place

Reading = Annotated[Identity, Depends(require("scores:read"))]
At = Annotated[AwareDatetime | None, Query()]


class LeadView(BaseModel):
    """Where a lead is as far as scoring knows; what sales does with it, sales says."""

    lead_id: str
    person_id: str
    state: LeadState
    happened_at: datetime
    prospect_id: str | None
    withdrawn_at: datetime | None


class PersonScoreView(BaseModel):
    """Where a person stands now, from everything that is known of them, under all their ids."""

    person_id: str
    person_ids: list[str]
    policy_version: int
    line_points: float | None
    score: ScoreView
    override: OverrideView | None
    leads: list[LeadView]
    receipts: list[ReceiptView]


def make_scores_router(transactions: Transactions, settings: ServiceSettings) -> APIRouter:
    """`/v1/people/{person_id}/score` and `…/scores`."""
    router = APIRouter(prefix="/v1/people", tags=["scores"], responses=PROBLEMS)
    cursors = Cursors(settings.secret.get_secret_value())

    @router.get("/{person_id}/score")
    async def get_person_score(
        person_id: PathUuid, _reading: Reading, at: At = None
    ) -> PersonScoreView:
        """The score now or at another moment, the newest leads with their states and receipts."""
        moment = at or transactions.clock.now()
        async with transactions.read() as reader:
            found = await scores.current(person_id, reader, moment=moment)
            versions = {receipt.policy_version for receipt in found.receipts}
            known = await policies.load_many(reader, versions)
        return _person_view(person_id, found, known)

    @router.get("/{person_id}/scores")
    async def list_person_scores(
        person_id: PathUuid,
        _reading: Reading,
        cursor: Annotated[str | None, Query(max_length=500)] = None,
        limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
    ) -> Page[ReceiptView]:
        """Every score and decision about a person with its receipt, newest first."""
        filters: dict[str, object] = {"list": "scores", "person_id": person_id}
        before = NEWEST if cursor is None else _place(cursors.decode(cursor, filters))
        async with transactions.read() as reader:
            person_ids = await scores.kin_of(reader, person_id)
            found = await receipts.of_people(reader, person_ids, before=before, limit=limit)
            versions = {receipt.policy_version for receipt in found}
            known = await policies.load_many(reader, versions)
        last = found[-1] if len(found) == limit else None
        return Page(
            items=[receipt_view(one, known[one.policy_version]) for one in found],
            next_cursor=last and cursors.encode([last.decided_at.isoformat(), last.id], filters),
        )

    return router


def _place(cursor: list[str | int]) -> Place:
    decided_at, receipt_id = cursor
    return datetime.fromisoformat(str(decided_at)), str(receipt_id)


def _person_view(person_id: str, found: PersonScore, known: dict[int, Policy]) -> PersonScoreView:
    return PersonScoreView(
        person_id=person_id,
        person_ids=list(found.person_ids),
        policy_version=found.policy.version,
        line_points=found.policy.line.points,
        score=score_view(found.score, found.policy),
        override=found.override
        and OverrideView.model_validate(found.override, from_attributes=True),
        leads=[LeadView.model_validate(lead, from_attributes=True) for lead in found.leads],
        receipts=[receipt_view(one, known[one.policy_version]) for one in found.receipts],
    )
