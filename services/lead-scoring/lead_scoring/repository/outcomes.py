"""Outcomes: how pursuits ended, kept by deal and version for what will learn from them."""

from collections.abc import Sequence
from typing import Final

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

Closure = tuple[str, DealClosed]
"""An outcome with the id of the event that said it."""


async def save(tx: Transaction, closures: Sequence[Closure]) -> None:
    """Keep outcomes; one that is known already stays as it was first said."""
    rows = [
        (
            data.prospect_id,
            data.deal_id,
            data.version,
            event_id,
            data.person_id,
            data.outcome,
            data.amount,
            data.currency,
            data.reason,
            data.closed_at,
            tx.now,
        )
        for event_id, data in closures
    ]
    await tx.insert(OutcomeRow, COLUMNS, rows, KEEP)
    leads = [
        (lead_id, data.prospect_id, data.deal_id, data.version)
        for _, data in closures
        for lead_id in data.lead_ids
    ]
    await tx.insert(OutcomeLeadRow, LEAD_COLUMNS, leads, KEEP)
