"""A score that somebody sets beside the machine's, by HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from baton.auth.api_keys import Identity
from baton.contracts.vocabulary import OverrideReason
from baton.http import PROBLEMS, PathUuid, request_origin, require
from baton.transaction import Origin
from baton.transactions import Transactions
from lead_scoring.handlers import overriding
from lead_scoring.repository.condition_documents import Points

Admin = Annotated[Identity, Depends(require("policies:admin"))]
FromRequest = Annotated[Origin, Depends(request_origin)]


class OverrideForm(BaseModel):
    """What the score is said to be and why; null points take back what was set before."""

    model_config = ConfigDict(extra="forbid")

    points: Points | None = Field(examples=[55])
    reason: OverrideReason
    expires_at: AwareDatetime | None = None


class OverrideView(BaseModel):
    """A score beside the machine's, with who set it and why."""

    points: float | None
    reason: OverrideReason
    who: str
    set_at: datetime
    expires_at: datetime | None


def make_overrides_router(transactions: Transactions) -> APIRouter:
    """`/v1/people/{person_id}/override`."""
    router = APIRouter(prefix="/v1/people", tags=["scores"], responses=PROBLEMS)

    @router.put("/{person_id}/override")
    async def override_score(
        person_id: PathUuid, form: OverrideForm, admin: Admin, origin: FromRequest
    ) -> OverrideView:
        """Set a score beside the machine's, which goes on deciding by its own."""
        async with transactions.begin() as tx:
            found = await overriding.override(
                person_id,
                tx,
                points=form.points,
                reason=form.reason,
                expires_at=form.expires_at,
                who=admin.who,
                origin=origin,
            )
        return OverrideView.model_validate(found, from_attributes=True)

    return router
