"""Diffs by HTTP: what a draft would have changed, ordered, looked at while it grows, cancelled."""

from typing import Annotated, Final

from fastapi import APIRouter, Body, Depends, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict

from baton.auth.api_keys import Identity
from baton.http import PAGE_MAX, PROBLEMS, Cursors, Page, PathUuid, require
from baton.settings import ServiceSettings
from baton.transactions import Transactions
from lead_scoring.api.diff_views import (
    ChangedPersonView,
    DiffResultView,
    DiffView,
    changed_person_view,
    diff_view,
    result_view,
)
from lead_scoring.domain.diffing import Side
from lead_scoring.handlers import diffing
from lead_scoring.queries import diffs as queries
from lead_scoring.repository import diffs, policies

VERSION_MAX: Final = 2**31 - 1
FIRST: Final = "00000000-0000-0000-0000-000000000000"

Admin = Annotated[Identity, Depends(require("policies:admin"))]
Version = Annotated[int, Path(ge=1, le=VERSION_MAX)]


class PeriodAsked(BaseModel):
    """From when to when: all history if nothing is given. `since` is included, `until` is not."""

    model_config = ConfigDict(extra="forbid")

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


def make_diffs_router(transactions: Transactions, settings: ServiceSettings) -> APIRouter:
    """`/v1/policies/{version}/diff` and `/v1/diffs/{diff_id}`."""
    router = APIRouter(prefix="/v1", tags=["policies"], responses=PROBLEMS)
    _add_orders(router, transactions)
    _add_results(router, transactions, Cursors(settings.secret.get_secret_value()))
    return router


def _add_orders(router: APIRouter, transactions: Transactions) -> None:
    @router.post("/policies/{version}/diff", status_code=202)
    async def diff_policy(
        version: Version, admin: Admin, period: Annotated[PeriodAsked | None, Body()] = None
    ) -> DiffView:
        """Compare a version with the one that holds, over all history or a period of it.

        Everybody is decided by both as they would have been then, by what was known of them at
        each of their own moments. It is done in the background: `GET /v1/diffs/{diff_id}`.
        """
        asked = period or PeriodAsked()
        async with transactions.begin() as tx:
            times = (asked.since, asked.until)
            return diff_view(await diffing.order(version, tx, times, who=admin.who))

    @router.get("/policies/{version}/diff")
    async def list_diffs_of_policy(
        version: Version, _admin: Admin, limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 20
    ) -> Page[DiffView]:
        """A version's diffs, the latest first; older ones are not kept for ever."""
        async with transactions.read() as reader:
            found = await diffs.of_version(reader, version, limit=limit)
        return Page(items=[diff_view(one) for one in found])


def _add_results(router: APIRouter, transactions: Transactions, cursors: Cursors) -> None:
    @router.get("/diffs/{diff_id}")
    async def get_diff(diff_id: PathUuid, _admin: Admin) -> DiffResultView:
        """How far a diff is, and what it has found so far."""
        async with transactions.read() as reader:
            diff = await diffing.found(reader, diff_id)
            return result_view(diff, await queries.counts(reader, diff_id))

    @router.get("/diffs/{diff_id}/people")
    async def list_diff_people(
        diff_id: PathUuid,
        _admin: Admin,
        side: Side = Side.NEWLY,
        cursor: Annotated[str | None, Query(max_length=500)] = None,
        limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
    ) -> Page[ChangedPersonView]:
        """Who is on another side; of those for whom nothing changes there are counts alone."""
        filters: dict[str, object] = {"list": "diff", "diff_id": diff_id, "side": side.value}
        after = FIRST if cursor is None else str(cursors.decode(cursor, filters)[0])
        async with transactions.read() as reader:
            diff = await diffing.found(reader, diff_id)
            rows = await queries.people(reader, diff_id, side, after=after, limit=limit)
            known = await policies.load_many(reader, {diff.version, diff.against})
        following = cursors.encode([rows[-1]["person_id"]], filters) if len(rows) == limit else None
        items = [changed_person_view(row, list(known.values())) for row in rows]
        return Page(items=items, next_cursor=following)

    @router.delete("/diffs/{diff_id}")
    async def cancel_diff(diff_id: PathUuid, _admin: Admin) -> DiffView:
        """Stop it where it is; what it has found stays to be looked at."""
        async with transactions.begin() as tx:
            return diff_view(await diffing.cancel(diff_id, tx))
