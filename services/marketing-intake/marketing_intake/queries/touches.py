"""What a person did before and around a lead, under all the ids that are theirs."""

from typing import Any, Final

from baton.database import Reader

TOUCHES_MAX: Final = 100
# The latest ones count most, where there are more than are shown.
TOUCHES_SQL: Final = """
select * from (
  (select l.id, 'lead' as what, l.state as word, l.happened_at, l.source_id, l.channel,
    false as is_machine
   from leads l where l.person_id = any ($1::uuid[]) and l.id <> $2
   order by l.happened_at desc limit $3)
  union all
  (select a.id, 'activity', a.kind, a.happened_at, a.source_id, a.channel,
    a.suspicion is not null or exists (select from retractions r where r.activity_id = a.id)
   from activities a where a.person_id = any ($1::uuid[])
   order by a.happened_at desc limit $3)
) t order by happened_at desc limit $3
"""
NAMES_SQL: Final = "select id, name from sources where id = any ($1::uuid[])"
NO_LEAD: Final = "00000000-0000-0000-0000-000000000000"


async def touches(
    reader: Reader, person_ids: list[str], *, besides: str = NO_LEAD
) -> list[dict[str, Any]]:
    """The latest leads (besides one) and activities of a person, oldest first."""
    rows = await reader.fetch(TOUCHES_SQL, person_ids, besides, TOUCHES_MAX)
    named = await reader.fetch(NAMES_SQL, list({row["source_id"] for row in rows}))
    names = {row["id"]: row["name"] for row in named}
    return [dict(row) | {"source": names.get(row["source_id"], "")} for row in reversed(rows)]
