"""What is known of a person, handed out or forgotten, by HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from baton.auth.api_keys import Identity
from baton.exports import PersonExported
from baton.http import PROBLEMS, PathUuid, request_origin, require
from baton.transaction import Origin
from baton.transactions import Transactions
from marketing_intake.handlers import erasure
from marketing_intake.handlers.exporting import export_person

Admin = Annotated[Identity, Depends(require("people:admin"))]
Knowing = Annotated[Identity, Depends(require("people:admin", "pii:read"))]
FromRequest = Annotated[Origin, Depends(request_origin)]


def make_erasure_router(transactions: Transactions) -> APIRouter:
    """`/v1/people/{person_id}/export` and `DELETE /v1/people/{person_id}`."""
    router = APIRouter(prefix="/v1/people", tags=["people"], responses=PROBLEMS)

    @router.get("/{person_id}/export")
    async def export(person_id: PathUuid, knowing: Knowing, response: Response) -> PersonExported:
        """Everything that is known of a person here; scoring and routing have their own."""
        async with transactions.begin() as tx:
            found = await export_person(person_id, tx, who=knowing.who)
            now = tx.now
        response.headers["cache-control"] = "no-store"
        return PersonExported(
            person_id=person_id,
            person_ids=found.person_ids,
            exported_at=now,
            parts=found.exported.parts,
            truncated=found.exported.truncated,
        )

    @router.delete("/{person_id}", status_code=204)
    async def erase_person(person_id: PathUuid, admin: Admin, origin: FromRequest) -> None:
        """Forget a person everywhere; what they were counted in stays counted."""
        async with transactions.begin() as tx:
            await erasure.erase(person_id, tx, who=admin.who, origin=origin)

    return router
