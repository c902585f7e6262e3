"""Reported outcomes: every version as it came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from asyncpg import Record

from baton.contracts.vocabulary import ClosureReason, Outcome
from baton.database import Reader
from baton.transaction import Transaction
from sales_routing.domain.outcomes import (
    Disqualified,
    Ending,
    Lost,
    Report,
    Won,
    outcome_of,
)
from sales_routing.tables import OutcomeRow

COLUMNS: Final = (
    "prospect_id",
    "deal_id",
    "version",
    "outcome",
    "amount",
    "currency",
    "reason",
    "rep_id",
    "closed_at",
    "recorded_at",
)
LOAD_SQL: Final = f"""
select {", ".join(COLUMNS)} from outcomes where prospect_id = any ($1::uuid[])
order by prospect_id, version
"""  # noqa: S608 names of our own columns


@dataclass(frozen=True, slots=True)
class Kept:
    """A report as it is kept: of which prospect, who held it then, and when it came."""

    prospect_id: str
    report: Report
    rep_id: str | None
    recorded_at: datetime


async def load(reader: Reader, prospect_ids: Iterable[str]) -> dict[str, list[Kept]]:
    """What was reported of these prospects, the lowest version first."""
    kept: dict[str, list[Kept]] = {}
    for row in await reader.fetch(LOAD_SQL, list(prospect_ids)):
        kept.setdefault(row["prospect_id"], []).append(
            Kept(row["prospect_id"], _report(row), row["rep_id"], row["recorded_at"])
        )
    return kept


async def save(tx: Transaction, news: Sequence[Kept]) -> None:
    """Keep what was reported; nothing of it is ever changed."""
    await tx.insert(OutcomeRow, COLUMNS, [_row(one) for one in news])


def _row(kept: Kept) -> tuple[object, ...]:
    report = kept.report
    amount, currency, reason = _columns(report.ending)
    return (
        kept.prospect_id,
        report.deal_id,
        report.version,
        outcome_of(report.ending),
        amount,
        currency,
        reason,
        kept.rep_id,
        report.closed_at,
        kept.recorded_at,
    )


def _columns(ending: Ending) -> tuple[object, object, object]:
    match ending:
        case Won(amount=amount, currency=currency):
            return amount, currency, None
        case Lost(reason=reason) | Disqualified(reason=reason):
            return None, None, reason


def _report(row: Record) -> Report:
    return Report(row["deal_id"], row["version"], _ending(row), row["closed_at"])


def _ending(row: Record) -> Ending:
    match Outcome(row["outcome"]):
        case Outcome.WON:
            return Won(row["amount"], row["currency"])
        case Outcome.LOST:
            return Lost(ClosureReason(row["reason"]))
        case Outcome.DISQUALIFIED:
            return Disqualified(ClosureReason(row["reason"]))
