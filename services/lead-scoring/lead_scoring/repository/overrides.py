"""Overrides: what people say a score is, beside the machine's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from baton.contracts.vocabulary import OverrideReason
from baton.database import Reader
from baton.transaction import Transaction
from lead_scoring.tables import OverrideRow

COLUMNS: Final = ("id", "person_id", "points", "reason", "who", "set_at", "expires_at")
LATEST_SQL: Final = """
select points, reason, who, set_at, expires_at from overrides
where person_id = any ($1::uuid[]) order by set_at desc, id desc limit 1
"""


@dataclass(frozen=True, slots=True)
class Override:
    """A score that somebody has set; None takes back what was set before."""

    points: float | None
    reason: OverrideReason
    who: str
    set_at: datetime
    expires_at: datetime | None

    def holds_at(self, moment: datetime) -> bool:
        """Whether it is to be shown then."""
        is_over = self.expires_at is not None and self.expires_at <= moment
        return self.points is not None and not is_over


async def latest(reader: Reader, person_ids: Sequence[str]) -> Override | None:
    """What was set last for one person, under whichever of their ids."""
    row = await reader.fetchrow(LATEST_SQL, person_ids)
    return (
        None if row is None else Override(**(dict(row) | {"reason": OverrideReason(row["reason"])}))
    )


async def add(tx: Transaction, override_id: str, person_id: str, override: Override) -> None:
    """Set one."""
    values = (
        override.points,
        override.reason,
        override.who,
        override.set_at,
        override.expires_at,
    )
    await tx.insert(OverrideRow, COLUMNS, [(override_id, person_id, *values)])
