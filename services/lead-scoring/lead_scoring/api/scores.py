"""Scores by HTTP: where a person stands and why, and whether every receipt still comes out."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from baton.auth.api_keys import Identity
from baton.contracts.vocabulary import LeadState
from baton.errors import NotFound
from baton.http import PROBLEMS, Cursors, PathUuid, require
from baton.settings import ServiceSettings
from baton.transaction import Transactions
from lead_scoring.domain.decisions import Decision, Disqualified, Nurtured
from lead_scoring.domain.policy import Policy, texts_of
from lead_scoring.domain.receipts import Difference, Receipt, score_in
from lead_scoring.domain.scoring import Score
from lead_scoring.handlers import scores, verifying
from lead_scoring.handlers.scores import PersonScore
from lead_scoring.repository import policies, receipts
from lead_scoring.repository.receipts import result_of

VERIFY_MAX: Final = 1000
DIFFERENCES_SHOWN_MAX: Final = 100
VERIFY_LIST: Final[dict[str, object]] = {"list": "verify"}

Reading = Annotated[Identity, Depends(require("scores:read"))]


class ReasonView(BaseModel):
    """What one rule contributed, in words."""

    rule: str = Field(examples=["business_email"])
    points: float = Field(examples=[20])
    text: str = Field(examples=["a business e-mail address"])


class ScoreView(BaseModel):
    """Fit and engagement, kept apart; the reasons add up to both together."""

    fit: float
    engagement: float
    points: float
    reasons: list[ReasonView]


class ReceiptView(BaseModel):
    """A decision and all that it was made from; `inputs` are ids of events."""

    receipt_id: str
    lead_id: str
    person_id: str
    policy_version: int
    result: str = Field(examples=["qualified", "nurtured", "disqualified"])
    reason: str | None
    missing: list[str]
    score: ScoreView
    inputs: list[str]
    decided_at: datetime


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
    line_points: float
    score: ScoreView
    leads: list[LeadView]
    receipts: list[ReceiptView]


class DifferenceView(BaseModel):
    """A receipt that does not come out as it was written; `found` is null when inputs are gone."""

    receipt_id: str
    lead_id: str
    written: str
    found: str | None


class VerifiedView(BaseModel):
    """A page of receipts whose decisions were made again."""

    checked: int
    different: int
    differences: list[DifferenceView]
    next_cursor: str | None


def make_scores_router(transactions: Transactions, settings: ServiceSettings) -> APIRouter:
    """`/v1/people/{person_id}/score` and `/v1/receipts`."""
    router = APIRouter(prefix="/v1", tags=["scores"], responses=PROBLEMS)
    cursors = Cursors(settings.secret.get_secret_value())

    @router.get("/people/{person_id}/score")
    async def get_person_score(person_id: PathUuid, _reading: Reading) -> PersonScoreView:
        """The score as it stands, the newest leads with their states, the newest receipts."""
        async with transactions.read() as reader:
            found = await scores.current(person_id, reader)
            versions = {receipt.policy_version for receipt in found.receipts}
            known = await policies.load_many(reader, versions)
        return _person_view(person_id, found, known)

    @router.get("/receipts/verify")
    async def verify_receipts(
        _reading: Reading,
        cursor: Annotated[str | None, Query(max_length=500)] = None,
        limit: Annotated[int, Query(ge=1, le=VERIFY_MAX)] = VERIFY_MAX,
    ) -> VerifiedView:
        """Make a page of decisions again from the recorded facts and compare; 0 must differ."""
        after = verifying.FIRST
        if cursor is not None:
            after = str(cursors.decode(cursor, VERIFY_LIST)[0])
        async with transactions.read() as reader:
            page = await verifying.verify(reader, after=after, limit=limit)
        return VerifiedView(
            checked=page.checked,
            different=len(page.differences),
            differences=[_difference(one) for one in page.differences[:DIFFERENCES_SHOWN_MAX]],
            next_cursor=cursors.encode([page.last_id], VERIFY_LIST) if page.last_id else None,
        )

    @router.get("/receipts/{receipt_id}")
    async def get_receipt(receipt_id: PathUuid, _reading: Reading) -> ReceiptView:
        """One decision, with everything that it was made from."""
        async with transactions.read() as reader:
            receipt = await receipts.find(reader, receipt_id)
            if receipt is None:
                raise NotFound("there is no such receipt", field="receipt_id")
            return _receipt(receipt, await policies.load(reader, receipt.policy_version))

    return router


def _person_view(person_id: str, found: PersonScore, known: dict[int, Policy]) -> PersonScoreView:
    return PersonScoreView(
        person_id=person_id,
        person_ids=list(found.person_ids),
        policy_version=found.policy.version,
        line_points=found.policy.line.points,
        score=_score(found.score, found.policy),
        leads=[LeadView.model_validate(lead, from_attributes=True) for lead in found.leads],
        receipts=[_receipt(one, known[one.policy_version]) for one in found.receipts],
    )


def _score(score: Score, policy: Policy) -> ScoreView:
    texts = texts_of(policy)
    return ScoreView(
        fit=score.fit,
        engagement=score.engagement,
        points=score.points,
        reasons=[
            ReasonView(rule=one.rule, points=one.points, text=texts[one.rule])
            for one in score.factors
        ],
    )


def _receipt(receipt: Receipt, policy: Policy) -> ReceiptView:
    decision, inputs = receipt.decision, receipt.inputs
    causes = [one for one in (inputs.consent, inputs.erasure) if one]
    return ReceiptView(
        receipt_id=receipt.id,
        lead_id=receipt.lead_id,
        person_id=receipt.person_id,
        policy_version=receipt.policy_version,
        result=result_of(decision),
        reason=decision.reason if isinstance(decision, Disqualified) else None,
        missing=list(decision.missing) if isinstance(decision, Nurtured) else [],
        score=_score(score_in(decision), policy),
        inputs=[*inputs.leads, *causes],
        decided_at=receipt.decided_at,
    )


def _difference(one: Difference) -> DifferenceView:
    return DifferenceView(
        receipt_id=one.receipt.id,
        lead_id=one.receipt.lead_id,
        written=_in_words(one.receipt.decision),
        found=None if one.found is None else _in_words(one.found),
    )


def _in_words(decision: Decision) -> str:
    score = score_in(decision)
    return f"{result_of(decision)}, fit {score.fit!r}, engagement {score.engagement!r}"
