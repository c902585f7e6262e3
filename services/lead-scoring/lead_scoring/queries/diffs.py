"""What diffs have found, for the door and the pages."""

from typing import Any, Final

from baton.database import Reader
from lead_scoring.domain.diffing import Side

COUNTS_SQL: Final = """
select c.source_id, s.name, c.side, c.people, c.won, (
  select coalesce(jsonb_object_agg(a.currency, a.amount::text), '{}'::jsonb) from diff_amounts a
  where a.diff_id = c.diff_id and a.source_id = c.source_id and a.side = c.side
) as amounts
from diff_counts c left join sources s on s.id = c.source_id where c.diff_id = $1
order by sum(case when c.side in ('newly', 'no_longer') then c.people else 0 end)
  over (partition by c.source_id) desc, c.source_id, c.side
"""
PEOPLE_SQL: Final = """
select p.*, s.name as source from diff_people p left join sources s on s.id = p.source_id
where p.diff_id = $1 and p.side = $2 and p.person_id > $3 order by p.person_id limit $4
"""


async def counts(reader: Reader, diff_id: str) -> list[dict[str, Any]]:
    """People, won deals and amounts by source and side; the most changed sources first."""
    return [dict(row) for row in await reader.fetch(COUNTS_SQL, diff_id)]


async def people(
    reader: Reader, diff_id: str, side: Side, *, after: str, limit: int
) -> list[dict[str, Any]]:
    """Those on a side behind an id, in the order of ids."""
    rows = await reader.fetch(PEOPLE_SQL, diff_id, side.value, after, limit)
    return [dict(row) for row in rows]
