"""Outcomes: how pursuits ended, kept by deal and version for what will learn from them."""

from collections.abc import Sequence
from typing import Final

from baton.contracts.envelope import Event
from baton.contracts.sales import DealClosed
from baton.transaction import Transaction
from lead_scoring.tables import OutcomeLeadRow, OutcomeRow

KEEP: Final = "on conflict do nothing"
COLUMNS: Final = (
    "prospect_id",
    "deal_id",
    "version",
    "event_id",
    "person_id",
    "outcome",
    "amount",
    "currency",
    "reason",
    "closed_at",
    "heard_at",
)
LEAD_COLUMNS: Final = ("lead_id", "prospect_id", "deal_id", "version")


async def save(tx: Transaction, closures: Sequence[Event[DealClosed]]) -> None:
    """Keep outcomes; one that is known already stays as it was first said."""
    rows = [
        (
            event.data.prospect_id,
            event.data.deal_id,
            event.data.version,
            event.id,
            event.data.person_id,
            event.data.outcome,
            event.data.amount,
            event.data.currency,
            event.data.reason,
            event.data.closed_at,
            tx.now,
        )
        for event in closures
    ]
    await tx.insert(OutcomeRow, COLUMNS, rows, KEEP)
    leads = [
        (lead_id, event.data.prospect_id, event.data.deal_id, event.data.version)
        for event in closures
        for lead_id in event.data.lead_ids
    ]
    await tx.insert(OutcomeLeadRow, LEAD_COLUMNS, leads, KEEP)
