"""What is shown of imports: how far each is, what was refused and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from baton.database import Reader

COLUMNS: Final = """
  i.id as import_id, i.source_id, s.name as source, i.name, i.status, i.layout, i.encoding,
  i.size_bytes, i.position, i.rows, i.taken, i.refused, i.suppressed, i.reason, i.created_at,
  i.started_at, i.ended_at,
  case when i.status = 'waiting' and i.started_at is not null then i.turn_at end as held_until
"""
LISTED_SQL: Final = f"""
select {COLUMNS} from imports i join sources s on s.id = i.source_id
where ($1::uuid is null or i.id < $1) order by i.id desc limit $2
"""  # noqa: S608 our own columns
ONE_SQL: Final = f"""
select {COLUMNS} from imports i join sources s on s.id = i.source_id where i.id = $1
"""  # noqa: S608 as above
FAULTS_SQL: Final = """
select p.kind, p.field, coalesce(p.detail, case p.kind when 'suppressed' then $3 end) as detail,
  count(*) filter (where p.resent_as is null) as rows,
  sum(count(p.resent_as)) over ()::bigint as mended
from import_refusals r join payloads p on p.id = r.payload_id
where r.import_id = $1 group by p.kind, p.field, p.detail
order by rows desc, p.kind, p.field, p.detail limit $2
"""
REFUSED_SQL: Final = """
select r.row, p.field, coalesce(p.detail, case p.kind when 'suppressed' then $4 end) as detail,
  p.body
from import_refusals r left join payloads p on p.id = r.payload_id
where r.import_id = $1 and r.row > $2
  and p.resent_as is null and p.status is distinct from 'discarded'
order by r.row limit $3
"""
FAULTS_MAX: Final = 20
SUPPRESSED: Final = "somebody who asked to be forgotten: not taken, and not kept"
"""It says of a row that it was read, and nothing of what is in it."""


@dataclass(frozen=True, slots=True)
class Faults:
    """The commonest faults of rows, each with how many have it; and how many were mended since."""

    commonest: Sequence[dict[str, Any]]
    mended: int


async def listed(reader: Reader, *, before: object, limit: int) -> Sequence[dict[str, Any]]:
    """Imports, newest first, before the one whose id is given."""
    return [dict(row) for row in await reader.fetch(LISTED_SQL, before, limit)]


async def one(reader: Reader, import_id: str) -> dict[str, Any] | None:
    """One import."""
    row = await reader.fetchrow(ONE_SQL, import_id)
    return None if row is None else dict(row)


async def faults(reader: Reader, import_id: str) -> Faults:
    """What is wrong with the rows of an import that were not taken."""
    rows = await reader.fetch(FAULTS_SQL, import_id, FAULTS_MAX, SUPPRESSED)
    commonest = [dict(row) for row in rows if row["rows"]]
    return Faults(commonest, rows[0]["mended"] if rows else 0)


async def refused(
    reader: Reader, import_id: str, *, after: int, limit: int
) -> Sequence[dict[str, Any]]:
    """Rows that were not taken, in order, behind a row; without those mended or given up since.

    What was forgotten meanwhile has no body.
    """
    rows = await reader.fetch(REFUSED_SQL, import_id, after, limit, SUPPRESSED)
    return [dict(row) for row in rows]
