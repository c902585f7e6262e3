"""What sales keeps of a person, handed out by HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from baton import exports
from baton.auth.api_keys import Identity
from baton.errors import NotFound
from baton.exports import PEOPLE, PersonExported
from baton.http import PROBLEMS, PathUuid, require
from baton.parts import Frame
from sales_routing.queries.export import PARTS, kin_of

Knowing = Annotated[Identity, Depends(require("people:admin", "pii:read"))]


def make_export_router(frame: Frame) -> APIRouter:
    """`/v1/people/{person_id}/export`."""
    router = APIRouter(prefix="/v1/people", tags=["people"], responses=PROBLEMS)

    @router.get("/{person_id}/export")
    async def export(person_id: PathUuid, knowing: Knowing, response: Response) -> PersonExported:
        """The card, prospects, offers and outcomes of a person, under all their ids."""
        async with frame.transactions.begin() as tx:
            person_ids = await kin_of(tx, person_id)
            exported = await exports.load(tx, PARTS, {PEOPLE: person_ids})
            if exported.is_empty():
                raise NotFound("nothing is known of such a person", field="person_id")
            tx.audit(who=knowing.who, what="person exported", subject=person_id, old=None, new=None)
        response.headers["cache-control"] = "no-store"
        return PersonExported(
            person_id=person_id,
            person_ids=person_ids,
            exported_at=tx.now,
            parts=exported.parts,
            truncated=exported.truncated,
        )

    return router
