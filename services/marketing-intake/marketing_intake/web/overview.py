"""The front page: what came lately, what became of all leads, and the latest ones."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from baton.contracts.vocabulary import ON_THE_WAY, LeadState
from baton.database import Reader
from baton.web import plots
from baton.web.plots import Series
from marketing_intake import queries
from marketing_intake.queries import trends
from marketing_intake.web.people_shown import lead_shown
from marketing_intake.web.room import Room, Signed

LATEST_MAX: Final = 25
TREND_DAYS: Final = 30
EARLIEST: Final = date(1990, 1, 1)
COUNTED: Final = ("leads", "qualified", "accepted", "won", "lost", "disqualified")
STATES: Final = (
    *(LeadState.AWAITING_OPT_IN, LeadState.CAPTURED, LeadState.NURTURED, LeadState.QUALIFIED),
    *(LeadState.OFFERED, LeadState.ACCEPTED, LeadState.RETURNED, LeadState.WON, LeadState.LOST),
    *(LeadState.DISQUALIFIED, LeadState.WITHDRAWN, LeadState.ERASED),
    *(LeadState.REFUSED, LeadState.SPAM, LeadState.TEST),
)
"""As they are shown: a lead's way from top to bottom, then what never was one."""


def add_overview(router: APIRouter, room: Room) -> None:
    """`/`."""

    @router.get("/")
    async def front_page(
        request: Request,
        person: Signed,
        *,
        state: LeadState | None = None,
        until: date | None = None,
        live: bool = False,
    ) -> Response:
        async with room.read() as reader:
            context = await _overview(reader, state)
            trend = await _trend(reader, until, room.now())
        return room.show(request, "intake.html", person, is_live=live, **context, **trend)


async def _overview(reader: Reader, state: LeadState | None) -> dict[str, Any]:
    by_state = await queries.states(reader)
    lines = await queries.source_report(reader, None, None)
    latest = await queries.latest(reader, state=state, limit=LATEST_MAX)
    return {
        "states": [(one, by_state[one]) for one in STATES if by_state.get(one)],
        "received": sum(by_state.values()),
        "moving": sum(by_state.get(one, 0) for one in ON_THE_WAY),
        "lines": lines,
        "total": _total(lines),
        "state": state,
        "leads": [lead_shown(row) for row in latest],
    }


async def _trend(reader: Reader, until: date | None, now: datetime) -> dict[str, Any]:
    """Leads of some days by source, and what became of them; without a day, the latest with any."""
    today = now.astimezone(UTC).date()
    last = today if until is None else min(max(until, EARLIEST), today)
    rows = await _days_up_to(reader, last)
    if not rows and until is None:
        at = await trends.last_lead_at(reader)
        last = last if at is None else at.astimezone(UTC).date()
        rows = await _days_up_to(reader, last)
    days = [last - timedelta(days=n) for n in range(TREND_DAYS - 1, -1, -1)]
    later = last + timedelta(days=TREND_DAYS)
    return {
        "days": days if rows else [],
        "came": plots.stacked("Leads per day, by source", days, _by_source(rows, days)),
        "became": plots.curves("Qualified and won, by the day of the lead", days, [
            Series("qualified", "one", _counts(rows, days, "qualified")),
            Series("won", "two", _counts(rows, days, "won")),
        ]),
        "earlier": days[0] - timedelta(days=1),
        "later": min(later, today) if last < today else None,
    }  # fmt: skip


async def _days_up_to(reader: Reader, last: date) -> list[dict[str, Any]]:
    end = datetime.combine(last, time(), UTC) + timedelta(days=1)
    return await trends.days(reader, end - timedelta(days=TREND_DAYS), end)


def _by_source(rows: Sequence[dict[str, Any]], days: Sequence[date]) -> list[Series]:
    names = sorted({row["source"] for row in rows})
    totals = [
        (name, _counts([row for row in rows if row["source"] == name], days, "leads"))
        for name in names
    ]
    return plots.coloured(totals, rest="all others")


def _counts(rows: Sequence[dict[str, Any]], days: Sequence[date], column: str) -> tuple[int, ...]:
    counts: Counter[date] = Counter()
    for row in rows:
        counts[row["day"]] += row[column]
    return tuple(counts[day] for day in days)


def _total(lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The report's last line; amounts are never added across currencies."""
    counts: Counter[str] = Counter()
    worth: dict[str, Decimal] = {}
    for line in lines:
        counts.update({name: line[name] for name in COUNTED})
        for currency, amount in line["amounts"].items():
            worth[currency] = worth.get(currency, Decimal(0)) + amount
    leads = counts["leads"]
    shares = {f"{name}_share": counts[name] / leads if leads else None for name in COUNTED}
    return {name: counts[name] for name in COUNTED} | shares | {"amounts": worth}
