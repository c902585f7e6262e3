"""What people did, what of it did not happen after all, and what was found out about them."""

from collections.abc import Iterable, Sequence
from typing import Final

from asyncpg import Record

from baton.contracts.vocabulary import ActivityKind
from baton.database import Reader, insert_sql, rows_text, table_of
from baton.transaction import Transaction
from lead_scoring.domain.facts import (
    ACTIVITIES_MAX,
    FACTS_MAX,
    ActivityFact,
    Enrichment,
    PersonFact,
    Profile,
    Retraction,
)
from lead_scoring.tables import ActivityRow, EnrichmentRow, RetractionRow

COLUMNS: Final = ("activity_id", "event_id", "person_id", "happened_at", "kind", "data")
ENRICHMENT_COLUMNS: Final = (
    "event_id",
    "lead_id",
    "person_id",
    "happened_at",
    "company_id",
    "data",
)
RETRACTION_COLUMNS: Final = ("activity_id", "event_id", "person_id", "retracted_at")
KEEP: Final = "on conflict do nothing"
NAMES: Final = ", ".join(COLUMNS)
ENRICHMENT_NAMES: Final = ", ".join(ENRICHMENT_COLUMNS)

# As many more than count as a batch may retract, so that those behind them come into their place.
OF_PEOPLE_SQL: Final = f"""
select a.* from unnest($1::uuid[]) as p (id) cross join lateral (
  select {NAMES} from activities where person_id = p.id
    and not exists (select from retractions r where r.activity_id = activities.activity_id)
  order by happened_at desc, activity_id desc limit {ACTIVITIES_MAX} + $2
) a
"""  # noqa: S608 our own names
RETRACTED_SQL: Final = """
select activity_id, event_id, person_id from retractions where activity_id = any ($1::uuid[])
"""
ENRICHED_SQL: Final = f"""
select e.* from unnest($1::uuid[]) as p (id) cross join lateral (
  select {ENRICHMENT_NAMES} from enrichments where person_id = p.id
  order by happened_at desc, event_id desc limit {FACTS_MAX}
) e
"""  # noqa: S608 our own names
BY_EVENT_SQL: Final = f"select {NAMES} from activities where event_id = any ($1::uuid[])"  # noqa: S608 our own names
ENRICHED_BY_EVENT_SQL: Final = f"""
select {ENRICHMENT_NAMES} from enrichments where event_id = any ($1::uuid[])
"""  # noqa: S608 our own names


async def load_of_people(
    reader: Reader, person_ids: Sequence[str], *, retracting: int = 0
) -> list[PersonFact]:
    """The newest that happened of what these people did, and what was found out about them.

    `retracting` is how many retractions are about to be heard.
    """
    done = await reader.fetch(OF_PEOPLE_SQL, person_ids, retracting)
    found = await reader.fetch(ENRICHED_SQL, person_ids)
    return [*(activity_of(row) for row in done), *(enrichment_of(row) for row in found)]


async def load_retractions(reader: Reader, activity_ids: Sequence[str]) -> list[Retraction]:
    """Which of these activities did not happen."""
    rows = await reader.fetch(RETRACTED_SQL, activity_ids)
    return [Retraction(**dict(row)) for row in rows]


async def by_event(reader: Reader, event_ids: Sequence[str]) -> dict[str, ActivityFact]:
    """Activities by the events that said them, retracted ones as well."""
    rows = await reader.fetch(BY_EVENT_SQL, event_ids)
    return {row["event_id"]: activity_of(row) for row in rows}


async def enrichments_by_event(reader: Reader, event_ids: Sequence[str]) -> dict[str, Enrichment]:
    """What was found out, by the events that said it."""
    rows = await reader.fetch(ENRICHED_BY_EVENT_SQL, event_ids)
    return {row["event_id"]: enrichment_of(row) for row in rows}


async def keep(tx: Transaction, activities: Iterable[ActivityFact]) -> set[str]:
    """Keep activities; returns the event ids of those that were not known yet."""
    rows = [
        (one.activity_id, one.event_id, one.person_id, one.happened_at, one.kind,
         one.profile.attributes)
        for one in activities
    ]  # fmt: skip
    if not rows:
        return set()
    sql = insert_sql(table_of(ActivityRow), COLUMNS, f"{KEEP} returning event_id")
    return {row["event_id"] for row in await tx.fetch(sql, rows_text(COLUMNS, rows))}


async def keep_retractions(tx: Transaction, retractions: Iterable[Retraction]) -> set[str]:
    """Keep retractions; returns the activities that were not known to be retracted."""
    rows = [(one.activity_id, one.event_id, one.person_id, tx.now) for one in retractions]
    if not rows:
        return set()
    sql = insert_sql(table_of(RetractionRow), RETRACTION_COLUMNS, f"{KEEP} returning activity_id")
    return {row["activity_id"] for row in await tx.fetch(sql, rows_text(RETRACTION_COLUMNS, rows))}


async def keep_enrichments(tx: Transaction, enrichments: Iterable[Enrichment]) -> set[str]:
    """Keep what was found out; returns the event ids of what was not known yet."""
    rows = [
        (one.event_id, one.lead_id, one.person_id, one.happened_at, one.company_id, one.attributes)
        for one in enrichments
    ]
    if not rows:
        return set()
    sql = insert_sql(table_of(EnrichmentRow), ENRICHMENT_COLUMNS, f"{KEEP} returning event_id")
    return {row["event_id"] for row in await tx.fetch(sql, rows_text(ENRICHMENT_COLUMNS, rows))}


def activity_of(row: Record) -> ActivityFact:
    """The activity in a row."""
    return ActivityFact(
        activity_id=row["activity_id"],
        event_id=row["event_id"],
        person_id=row["person_id"],
        happened_at=row["happened_at"],
        kind=ActivityKind(row["kind"]),
        profile=Profile(row["data"], frozenset()),
    )


def enrichment_of(row: Record) -> Enrichment:
    """What was found out, in a row."""
    return Enrichment(
        event_id=row["event_id"],
        lead_id=row["lead_id"],
        person_id=row["person_id"],
        happened_at=row["happened_at"],
        attributes=row["data"],
        company_id=row["company_id"],
    )
