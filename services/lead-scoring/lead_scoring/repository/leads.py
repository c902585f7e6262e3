"""Leads: where each one is, as scoring knows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from baton.contracts.vocabulary import LeadState
from baton.database import Reader
from baton.transaction import Transaction
from lead_scoring.domain.leads import QualifiedLead
from lead_scoring.tables import LeadRow

COLUMNS: Final = ("lead_id", "state", "prospect_id")

QUALIFIED_SQL: Final = """
select f.lead_id, f.person_id, f.happened_at, l.prospect_id,
  exists (select 1 from outcome_leads o where o.lead_id = f.lead_id) as has_outcome
from facts f join leads l on l.lead_id = f.lead_id
where f.person_id = any ($1::uuid[]) and l.state = 'qualified'
"""
LOAD_SQL: Final = """
select l.lead_id, f.person_id, l.state, f.happened_at, l.prospect_id, l.withdrawn_at
from leads l join facts f on f.lead_id = l.lead_id
where l.lead_id = any ($1::uuid[]) order by f.happened_at desc, l.lead_id desc
"""
WITHDRAW_SQL: Final = """
update leads set state = 'withdrawn', withdrawn_at = $2
where lead_id = any ($1::uuid[]) and state = 'qualified'
"""
ERASE_SQL: Final = """
update leads l set state = 'erased' from facts f
where f.lead_id = l.lead_id and f.person_id = any ($1::uuid[]) and l.state <> 'erased'
"""


@dataclass(frozen=True, slots=True)
class StoredLead:
    """Where a lead is, and the prospect that was proposed for it."""

    lead_id: str
    person_id: str
    state: LeadState
    happened_at: datetime
    prospect_id: str | None
    withdrawn_at: datetime | None


async def load(reader: Reader, lead_ids: Sequence[str]) -> list[StoredLead]:
    """These leads, newest first."""
    rows = await reader.fetch(LOAD_SQL, lead_ids)
    return [StoredLead(**(dict(row) | {"state": LeadState(row["state"])})) for row in rows]


async def load_qualified(
    reader: Reader, person_ids: Sequence[str]
) -> dict[str, list[QualifiedLead]]:
    """The leads of these people that sales may be at work on, by the ids that they came under."""
    found: dict[str, list[QualifiedLead]] = {}
    for row in await reader.fetch(QUALIFIED_SQL, person_ids):
        found.setdefault(row["person_id"], []).append(QualifiedLead(**dict(row)))
    return found


async def save(tx: Transaction, leads: Sequence[tuple[str, LeadState, str | None]]) -> None:
    """Keep new leads: id, state, and the prospect proposed for it."""
    await tx.insert(LeadRow, COLUMNS, leads)


async def withdraw(tx: Transaction, lead_ids: Sequence[str]) -> None:
    """Mark leads whose prospect was taken back."""
    if lead_ids:
        await tx.execute(WITHDRAW_SQL, lead_ids, tx.now)


async def erase(tx: Transaction, person_ids: Iterable[str]) -> None:
    """Mark all leads of people who are to be forgotten."""
    ids = list(person_ids)
    if ids:
        await tx.execute(ERASE_SQL, ids)
