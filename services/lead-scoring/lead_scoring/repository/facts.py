"""Facts: the leads of people as they were captured."""

from collections.abc import Iterable, Sequence
from typing import Final

from asyncpg import Record

from baton.database import Reader, insert_sql, rows_text, table_of
from baton.transaction import Transaction
from lead_scoring.domain.facts import FACTS_MAX, LeadFact, Profile
from lead_scoring.tables import FactRow

COLUMNS: Final = (
    "lead_id",
    "event_id",
    "person_id",
    "happened_at",
    "received_at",
    "is_test",
    "data",
    "company_id",
)
NAMES: Final = ", ".join(COLUMNS)

# A statement that was planned while the tables were small would scan them when they are large,
# and a batch's people change too much for a remembered plan to be worth anything.
PLAN_ANEW_SQL: Final = "set local plan_cache_mode = force_custom_plan"
OF_PEOPLE_SQL: Final = f"""
select {", ".join(f"f.{name}" for name in COLUMNS)}
from unnest($1::uuid[]) as p (id) cross join lateral (
  select {NAMES} from facts where person_id = p.id and not is_test
  order by happened_at desc, lead_id desc limit {FACTS_MAX}
) f
"""  # noqa: S608 our own names
# A lead's first receipt has the id of its event: no index by event is needed besides.
BY_EVENT_SQL: Final = f"""
select {", ".join(f"f.{name}" for name in COLUMNS)}
from receipts r join facts f on f.lead_id = r.lead_id and f.event_id = r.id
where r.id = any ($1::uuid[])
"""  # noqa: S608 our own names


async def load_of_people(reader: Reader, person_ids: Sequence[str]) -> list[LeadFact]:
    """The newest leads of these people that are no tests."""
    return [fact_of(row) for row in await reader.fetch(OF_PEOPLE_SQL, person_ids)]


async def by_event(reader: Reader, event_ids: Sequence[str]) -> dict[str, LeadFact]:
    """Facts by the events that said them."""
    rows = await reader.fetch(BY_EVENT_SQL, event_ids)
    return {row["event_id"]: fact_of(row) for row in rows}


async def plan_anew(tx: Transaction) -> None:
    """Plan this transaction's statements for the tables as they are now."""
    await tx.execute(PLAN_ANEW_SQL)


async def keep(tx: Transaction, facts: Iterable[LeadFact]) -> set[str]:
    """Keep facts; returns the event ids of those whose lead was not known yet."""
    rows = [_row(fact) for fact in facts]
    if not rows:
        return set()
    table = table_of(FactRow)
    sql = insert_sql(table, COLUMNS, "on conflict (lead_id) do nothing returning event_id")
    return {row["event_id"] for row in await tx.fetch(sql, rows_text(COLUMNS, rows))}


def _row(fact: LeadFact) -> tuple[object, ...]:
    data = {
        "attributes": fact.profile.attributes,
        "fields": sorted(fact.profile.fields),
        "consent": sorted(fact.consent),
    }
    return (
        fact.lead_id,
        fact.event_id,
        fact.person_id,
        fact.happened_at,
        fact.received_at,
        fact.is_test,
        data,
        fact.company_id,
    )


def fact_of(row: Record) -> LeadFact:
    """The fact in a row."""
    data = row["data"]
    return LeadFact(
        lead_id=row["lead_id"],
        event_id=row["event_id"],
        person_id=row["person_id"],
        happened_at=row["happened_at"],
        received_at=row["received_at"],
        is_test=row["is_test"],
        consent=frozenset(data["consent"]),
        profile=Profile(data["attributes"], frozenset(data["fields"])),
        company_id=row["company_id"],
    )
