"""Activities as they were recorded, whether they still count, and what retracting one changed."""

from dataclasses import dataclass
from typing import Any, Final

from baton.contracts.vocabulary import ActivityKind, Suspicion
from baton.database import Reader

EFFECTS_MAX: Final = 200
COLUMNS: Final = """
  a.id as activity_id, a.person_id, a.source_id, s.name as source, c.name as campaign, a.channel,
  a.kind, a.happened_at, a.received_at, a.correlation_id, a.suspicion, r.retracted_at
"""
TABLES: Final = """
  activities a join sources s on s.id = a.source_id
  left join campaigns c on c.id = a.campaign_id
  left join retractions r on r.activity_id = a.id
"""
LIST_SQL: Final = f"""
select {COLUMNS} from {TABLES}
where ($1::uuid is null or a.person_id = $1) and ($2::uuid is null or a.source_id = $2)
  and ($3::text is null or a.kind = $3) and ($4::text is null or a.suspicion = $4)
  and ($5::uuid is null or a.id < $5)
order by a.id desc limit $6
"""  # noqa: S608 our own columns
ONE_SQL: Final = f"""
select {COLUMNS}, a.details, r.event_id as retraction_id, r.who as retracted_by,
  r.suspicion as retracted_as, r.reason
from {TABLES} where a.id = $1
"""  # noqa: S608 as above
EFFECTS_SQL: Final = """
select event_id, type, lead_id, prospect_id, happened_at, heard_at from retraction_effects
where retraction_id = $1 order by heard_at, event_id limit $2
"""


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Which activities; None means any."""

    person_id: str | None = None
    source_id: str | None = None
    kind: ActivityKind | None = None
    suspicion: Suspicion | None = None


async def activities(
    reader: Reader, wanted: ActivityFilter, *, before: object, limit: int
) -> list[dict[str, Any]]:
    """Activities, newest first, before the one whose id is given; without what names a person."""
    rows = await reader.fetch(
        LIST_SQL, wanted.person_id, wanted.source_id, wanted.kind, wanted.suspicion, before, limit
    )
    return [dict(row) for row in rows]


async def activity(reader: Reader, activity_id: str) -> dict[str, Any] | None:
    """One activity with its details and its retraction."""
    row = await reader.fetchrow(ONE_SQL, activity_id)
    return None if row is None else dict(row)


async def activity_effects(reader: Reader, retraction_id: str) -> list[dict[str, Any]]:
    """What scoring and sales said because of a retraction, in the order in which it was heard."""
    return [dict(row) for row in await reader.fetch(EFFECTS_SQL, retraction_id, EFFECTS_MAX)]
