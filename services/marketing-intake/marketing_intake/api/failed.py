"""What failed: listed by kind of failure, and shown; `mending.py` has what can be done about it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from baton.auth.api_keys import Identity
from baton.errors import NotFound
from baton.http import PROBLEMS, Cursors, Line, Page, PathUuid, Uuid, request_origin, require
from marketing_intake import queries
from marketing_intake.api.door import LeadDoor
from marketing_intake.api.failed_shapes import (
    FailedDetail,
    FailedView,
    detail_of,
)
from marketing_intake.domain.draft import Failure
from marketing_intake.queries.failed import FailedFilter

READER = Depends(require("leads:read"))
ADMIN = Depends(require("sources:admin"))
ORIGIN = Depends(request_origin)


def make_failed_router(door: LeadDoor, cursors: Cursors) -> APIRouter:
    """`/v1/failed`."""
    router = APIRouter(prefix="/v1/failed", tags=["failed"], responses=PROBLEMS)

    @router.get("")
    async def list_failed(
        wanted: Annotated[FailedFilter, Depends(filter_of)],
        _: Identity = READER,
        cursor: Annotated[str | None, Query(max_length=500)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> Page[FailedView]:
        """What failed and is not mended, newest first; samples of what was nobody's as well."""
        filters = filters_of(wanted, "failed")
        before = cursors.decode(cursor, filters)[0] if cursor else None
        async with door.transactions.read() as reader:
            rows = await queries.failed(reader, wanted, before=before, limit=limit)
        items = [FailedView.model_validate(row) for row in rows]
        is_full = len(items) == limit
        following = cursors.encode([items[-1].failed_id], filters) if is_full else None
        return Page(items=items, next_cursor=following)

    @router.get("/{failed_id}")
    async def show_failed(failed_id: PathUuid, identity: Identity = READER) -> FailedDetail:
        """One of them with its body, masked without `pii:read`."""
        async with door.transactions.read() as reader:
            row = await queries.failed_item(reader, failed_id)
        if row is None or row["status"] == "taken":
            raise NotFound("there is nothing that failed under that id", field="failed_id")
        return detail_of(row, is_masked="pii:read" not in identity.scopes)

    return router


def filter_of(
    source_id: Annotated[Uuid | None, Query()] = None,
    failure: Failure | None = None,
    component: Annotated[Line | None, Query()] = None,
    since: AwareDatetime | None = None,
) -> FailedFilter:
    """The filter of a list's address."""
    return FailedFilter(source_id, failure, component, since)


def filters_of(wanted: FailedFilter, what: str) -> dict[str, object]:
    """What a cursor is bound to."""
    return {"list": what, "wanted": [str(value) for value in wanted.values()]}
