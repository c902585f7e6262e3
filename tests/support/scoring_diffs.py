"""Diffs on a scoring desk: ordered and worked on as the door and the timer would."""

from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Any

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.marketing import LeadCaptured
from baton.contracts.sales import DealClosed
from baton.ids import new_id
from baton.timers import TimerHandler
from lead_scoring.api.diff_views import DiffResultView, result_view
from lead_scoring.handlers import diffing, policies
from lead_scoring.queries import diffs as queries
from lead_scoring.repository.documents import PolicyDocument
from support.scoring_desk import WHO, Desk, at

Times = tuple[datetime | None, datetime | None]


async def draft(desk: Desk, **document: Any) -> int:
    """Keep a version; returns its number."""
    wanted = {"name": "Draft", "line": {"points": 0}} | document
    async with desk.transactions.begin() as tx:
        return (await policies.draft(PolicyDocument.model_validate(wanted), tx, who=WHO)).version


async def order(desk: Desk, version: int, times: Times = (None, None)) -> str:
    """Order its diff; returns the id."""
    async with desk.transactions.begin() as tx:
        return (await diffing.order(version, tx, times, who=WHO)).id


async def diff_once(desk: Desk, limit: int = 100) -> int:
    """One run of the timer."""
    async with desk.transactions.begin() as tx:
        return await diffing.diff_some(tx, limit=limit)


async def result(desk: Desk, diff_id: str) -> DiffResultView:
    """What it has found so far."""
    async with desk.transactions.read() as reader:
        diff = await diffing.found(reader, diff_id)
        return result_view(diff, await queries.counts(reader, diff_id))


async def diffed(desk: Desk, version: int, times: Times = (None, None)) -> DiffResultView:
    """A diff that is through."""
    diff_id = await order(desk, version, times)
    while await diff_once(desk) == 100:
        pass
    return await result(desk, diff_id)


async def killed(desk: Desk, work: TimerHandler) -> None:
    """A run of a timer that ends before it commits, as after a kill -9: the database undoes it."""
    with suppress(ZeroDivisionError):
        async with desk.transactions.begin() as tx:
            await work(tx)
            raise ZeroDivisionError


def won(lead: Event[Fact], amount: str, currency: str = "EUR", **changes: Any) -> Event[Fact]:
    """A deal was won with somebody."""
    assert isinstance(lead.data, LeadCaptured)
    values: dict[str, Any] = {
        "prospect_id": new_id(), "person_id": lead.data.person_id, "deal_id": new_id(),
        "lead_ids": (lead.data.lead_id,), "version": 1, "rep_id": new_id(), "outcome": "won",
        "amount": Decimal(amount), "currency": currency, "closed_at": lead.happened_at,
    }  # fmt: skip
    return at(0, DealClosed.model_validate(values | changes))
