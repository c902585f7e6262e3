"""Requests that proved to be nobody's: a sample of each source's, to look at."""

from datetime import datetime
from typing import Final

from baton.transaction import Transaction

INSERT_SQL: Final = """
insert into strays (id, source_id, component, reason, received_at, body_bytes, sample)
select $1, $2, $3, $4, $5, $6, $7
where (select count(*) from strays where source_id = $2) < $8
returning id
"""
FORGET_SQL: Final = """
delete from strays where id = any (array(
  select id from strays where received_at < $1 order by received_at limit $2))
"""


async def insert_stray(
    tx: Transaction, stray: tuple[str, str, str, str], body: tuple[int, bytes], *, at_most: int
) -> bool:
    """Keep one (id, source, component, reason; size, sample) unless there are enough; says so."""
    kept = await tx.fetchval(INSERT_SQL, *stray, tx.now, *body, at_most)
    return kept is not None


async def forget_strays(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete a bounded number of old ones; says how many."""
    tag = await tx.execute(FORGET_SQL, before, limit)
    return int(tag.rsplit(" ", 1)[1])
