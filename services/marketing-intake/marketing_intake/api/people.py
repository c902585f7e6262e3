"""People by HTTP: merge and un-merge; each change is audited."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from baton.auth.api_keys import Identity
from baton.http import PROBLEMS, PathUuid, Uuid, request_origin, require
from baton.transaction import Origin
from baton.transactions import Transactions
from marketing_intake.api.people_views import (
    PersonView,
    PreviewView,
    person_view,
    preview_view,
)
from marketing_intake.domain.merging import MEMBERS_MAX
from marketing_intake.handlers import people

Reader = Annotated[Identity, Depends(require("leads:read"))]
Admin = Annotated[Identity, Depends(require("people:admin"))]
FromRequest = Annotated[Origin, Depends(request_origin)]


class MergeForm(BaseModel):
    """People who are one; the first one's id speaks for all."""

    person_ids: list[Uuid] = Field(min_length=2, max_length=MEMBERS_MAX)


class Merged(BaseModel):
    """The merge, by whose id it can be taken back."""

    merge_id: str


class UnmergeForm(BaseModel):
    """The merge to be taken back."""

    merge_id: Uuid


def make_people_router(transactions: Transactions) -> APIRouter:
    """`/v1/people`."""
    router = APIRouter(prefix="/v1/people", tags=["people"], responses=PROBLEMS)

    @router.post("/merge", status_code=201)
    async def merge_people(form: MergeForm, admin: Admin, origin: FromRequest) -> Merged:
        """Say that these people are one; nothing moves, so it can be taken back."""
        async with transactions.begin() as tx:
            merge_id = await people.merge(form.person_ids, tx, who=admin.who, origin=origin)
        return Merged(merge_id=merge_id)

    @router.post("/merge/preview")
    async def preview_merge(form: MergeForm, admin: Admin) -> PreviewView:
        """What these people would be as one; nothing is changed."""
        async with transactions.read() as reader:
            preview = await people.preview(form.person_ids, reader)
        return preview_view(preview, admin)

    @router.get("/{person_id}")
    async def show_person(person_id: PathUuid, identity: Reader) -> PersonView:
        """A person by any id that they ever had; who is merged is shown as one."""
        async with transactions.read() as reader:
            known = await people.look_up(person_id, reader)
        return person_view(known, identity)

    @router.post("/unmerge", status_code=204)
    async def unmerge_people(form: UnmergeForm, admin: Admin, origin: FromRequest) -> None:
        """Take a merge back: everything is as if it had never been said."""
        async with transactions.begin() as tx:
            await people.unmerge(form.merge_id, tx, who=admin.who, origin=origin)

    return router
