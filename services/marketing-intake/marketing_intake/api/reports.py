"""What each source brought: the closed loop as a table."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel

from baton.auth.api_keys import Identity
from baton.contracts.vocabulary import Channel
from baton.errors import Refused
from baton.http import PROBLEMS, require
from baton.transactions import Transactions
from marketing_intake import queries


class SourceLine(BaseModel):
    """One source and channel."""

    source_id: str
    source: str
    channel: Channel
    leads: int
    qualified: int
    accepted: int
    won: int
    lost: int
    disqualified: int
    conversion: float
    amounts: dict[str, Decimal]


class SourceReport(BaseModel):
    """What sources brought, for leads that happened from `since` (included) to `until`."""

    since: datetime | None
    until: datetime | None
    lines: list[SourceLine]


def make_reports_router(transactions: Transactions) -> APIRouter:
    """`/v1/reports`."""
    router = APIRouter(prefix="/v1/reports", tags=["reports"], responses=PROBLEMS)

    @router.get("/sources")
    async def report_sources(
        _: Annotated[Identity, Depends(require("reports:read"))],
        since: Annotated[AwareDatetime | None, Query(alias="from")] = None,
        until: Annotated[AwareDatetime | None, Query(alias="to")] = None,
    ) -> SourceReport:
        """Leads, qualified, accepted, won, amounts and conversion per source and channel."""
        if since is not None and until is not None and since >= until:
            raise Refused("from must lie before to", field="from")
        async with transactions.read() as reader:
            rows = await queries.source_report(reader, since, until)
        lines = [SourceLine.model_validate(row) for row in rows]
        return SourceReport(since=since, until=until, lines=lines)

    return router
