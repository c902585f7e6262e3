"""Who sells, and how much of what they can hold they hold."""

from typing import Final

from asyncpg import Record

from baton.database import Reader

REPS_SQL: Final = """
select r.id, r.name, r.team, r.open, r.capacity, r.is_available,
  coalesce(string_agg(p.name, ', ' order by p.name), '') as pools
from reps r left join pool_members m on m.rep_id = r.id and m.is_member
left join pools p on p.id = m.pool_id
where r.is_active group by r.id order by r.open desc, r.name limit $1
"""


async def active_reps(reader: Reader, limit: int) -> list[Record]:
    """Reps who sell today, those who hold most first; a capacity of null has no end."""
    return await reader.fetch(REPS_SQL, limit)
