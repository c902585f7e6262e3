"""Receipts by HTTP: what a decision was made from, and whether every one still comes out."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from baton.auth.api_keys import Identity
from baton.errors import NotFound
from baton.http import PROBLEMS, Cursors, PathUuid, require
from baton.settings import ServiceSettings
from baton.transactions import Transactions
from lead_scoring.api.explanations import ExplanationView, explanation_view
from lead_scoring.api.views import ReceiptView, receipt_view
from lead_scoring.domain.receipts import Verdict, score_in
from lead_scoring.domain.verifying import Difference
from lead_scoring.handlers import explaining, verifying
from lead_scoring.repository import policies, receipts
from lead_scoring.repository.receipts import result_of

VERIFY_MAX: Final = 1000
DIFFERENCES_SHOWN_MAX: Final = 100
VERIFY_LIST: Final[dict[str, object]] = {"list": "verify"}

Reading = Annotated[Identity, Depends(require("scores:read"))]


class DifferenceView(BaseModel):
    """A receipt that does not come out as it was written; `found` is null when inputs are gone."""

    receipt_id: str
    lead_id: str | None
    written: str
    found: str | None


class VerifiedView(BaseModel):
    """A page of receipts whose decisions were made again."""

    checked: int
    different: int
    differences: list[DifferenceView]
    next_cursor: str | None


def make_receipts_router(transactions: Transactions, settings: ServiceSettings) -> APIRouter:
    """`/v1/receipts`."""
    router = APIRouter(prefix="/v1/receipts", tags=["scores"], responses=PROBLEMS)
    cursors = Cursors(settings.secret.get_secret_value())

    @router.get("/verify")
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

    @router.get("/{receipt_id}/explanation")
    async def explain_receipt(receipt_id: PathUuid, _reading: Reading) -> ExplanationView:
        """A score taken apart, with the arithmetic of fading, and made again to compare."""
        async with transactions.read() as reader:
            return explanation_view(await explaining.explain_receipt(reader, receipt_id))

    @router.get("/{receipt_id}")
    async def get_receipt(receipt_id: PathUuid, _reading: Reading) -> ReceiptView:
        """One decision, with everything that it was made from."""
        async with transactions.read() as reader:
            receipt = await receipts.find(reader, receipt_id)
            if receipt is None:
                raise NotFound("there is no such receipt", field="receipt_id")
            return receipt_view(receipt, await policies.load(reader, receipt.policy_version))

    return router


def _difference(one: Difference) -> DifferenceView:
    return DifferenceView(
        receipt_id=one.receipt.id,
        lead_id=one.receipt.lead_id,
        written=_in_words(one.receipt.decision),
        found=None if one.found is None else _in_words(one.found),
    )


def _in_words(decision: Verdict) -> str:
    score = score_in(decision)
    return f"{result_of(decision)}, fit {score.fit!r}, engagement {score.engagement!r}"
