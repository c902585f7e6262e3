"""Leads: where each one is, as scoring knows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from asyncpg import Record

from baton.contracts.vocabulary import LeadState
from baton.database import Reader, rows_text
from baton.transaction import Transaction
from lead_scoring.domain.leads import OpenLead
from lead_scoring.repository.facts import fact_of
from lead_scoring.repository.receipts import instant_in
from lead_scoring.tables import LeadRow

COLUMNS: Final = ("lead_id", "state", "prospect_id")

# What sales has, and each person's newest lead: older ones of marketing's were spoken for by it.
# Of several decisions in one transaction the last is the one of the latest moment.
OPEN_SQL: Final = """
select f.*, l.state, l.prospect_id,
  exists (select 1 from outcome_leads o where o.lead_id = f.lead_id) as has_outcome,
  r.policy_version, r.details
from facts f join leads l on l.lead_id = f.lead_id
join lateral (
  select policy_version, details from receipts
  where person_id = f.person_id and lead_id = f.lead_id
    and (l.state <> 'qualified' or result = 'qualified')
  order by decided_at desc, details ->> 'moment' desc nulls last limit 1
) r on true
where f.person_id = any ($1::uuid[]) and not f.is_test and (l.state = 'qualified' or f.lead_id = (
  select n.lead_id from facts n where n.person_id = f.person_id and not n.is_test
  order by n.happened_at desc, n.lead_id desc limit 1
))
"""
LOAD_SQL: Final = """
select l.lead_id, f.person_id, l.state, f.happened_at, l.prospect_id, l.withdrawn_at
from leads l join facts f on f.lead_id = l.lead_id
where l.lead_id = any ($1::uuid[]) order by f.happened_at desc, l.lead_id desc
"""
MOVE_SQL: Final = """
update leads l set state = n.state, prospect_id = n.prospect_id, withdrawn_at = n.withdrawn_at
from json_to_recordset($1::json)
  as n (lead_id uuid, state text, prospect_id uuid, withdrawn_at timestamptz)
where l.lead_id = n.lead_id
"""
MOVE_COLUMNS: Final = ("lead_id", "state", "prospect_id", "withdrawn_at")
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


async def load_open(reader: Reader, person_ids: Sequence[str]) -> list[OpenLead]:
    """The leads of these people that may still move."""
    return [_open(row) for row in await reader.fetch(OPEN_SQL, person_ids)]


async def save(tx: Transaction, leads: Sequence[tuple[str, LeadState, str | None]]) -> None:
    """Keep new leads: id, state, and the prospect proposed for it."""
    await tx.insert(LeadRow, COLUMNS, leads)


async def save_moved(tx: Transaction, leads: Sequence[OpenLead]) -> None:
    """Write the states of leads that were there before."""
    if not leads:
        return
    rows = [
        (
            one.lead_id,
            one.state,
            one.prospect_id,
            tx.now if one.state is LeadState.WITHDRAWN else None,
        )
        for one in leads
    ]
    await tx.execute(MOVE_SQL, rows_text(MOVE_COLUMNS, rows))


async def erase(tx: Transaction, person_ids: Iterable[str]) -> None:
    """Mark all leads of people who are to be forgotten."""
    ids = list(person_ids)
    if ids:
        await tx.execute(ERASE_SQL, ids)


def _open(row: Record) -> OpenLead:
    details = row["details"]
    return OpenLead(
        fact=fact_of(row),
        state=LeadState(row["state"]),
        prospect_id=row["prospect_id"],
        has_outcome=row["has_outcome"],
        policy_version=row["policy_version"],
        moment=instant_in(details, "moment") or row["happened_at"],
        model_version=details.get("model"),
        again_at=instant_in(details, "again_at"),
    )
