"""What sales said of pursuits that reports count, as it was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from baton.contracts.vocabulary import ClosureReason
from baton.transaction import Transaction
from marketing_intake.domain.attribution import Reached
from marketing_intake.tables import PursuitStepRow

COLUMNS: Final = (
    "event_id", "prospect_id", "person_id", "reached", "happened_at", "recorded_at", "lead_ids",
    "deal_id", "version", "reason", "amount", "currency",
)  # fmt: skip
NOTHING_TWICE: Final = "on conflict (event_id) do nothing"


@dataclass(frozen=True, slots=True)
class PursuitStep:
    """A prospect was accepted, or closed in some version."""

    event_id: str
    prospect_id: str
    person_id: str
    reached: Reached
    happened_at: datetime
    recorded_at: datetime
    lead_ids: Sequence[str]
    deal_id: str | None = None
    version: int | None = None
    reason: ClosureReason | None = None
    amount: Decimal | None = None
    currency: str | None = None


async def save_steps(tx: Transaction, steps: Sequence[PursuitStep]) -> None:
    """Keep these, each once."""
    rows = [[getattr(step, name) for name in COLUMNS] for step in steps]
    await tx.insert(PursuitStepRow, COLUMNS, rows, NOTHING_TWICE)
