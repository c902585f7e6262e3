"""What is shown of imports: how far each is, what was refused and why."""

from collections.abc import Sequence
from typing import Any, Final

from baton.database import Reader

COLUMNS: Final = """
  i.id as import_id, i.source_id, s.name as source, i.name, i.status, i.layout, i.encoding,
  i.size_bytes, i.position, i.rows, i.taken, i.refused, i.reason, i.created_at, i.started_at,
  i.ended_at
"""
LISTED_SQL: Final = f"""
select {COLUMNS} from imports i join sources s on s.id = i.source_id
where ($1::uuid is null or i.id < $1) order by i.id desc limit $2
"""  # noqa: S608 our own columns
ONE_SQL: Final = f"""
select {COLUMNS} from imports i join sources s on s.id = i.source_id where i.id = $1
"""  # noqa: S608 as above
FAULTS_SQL: Final = """
select p.kind, p.field, p.detail, count(*) as rows
from import_refusals r join payloads p on p.id = r.payload_id
where r.import_id = $1 group by p.kind, p.field, p.detail
order by rows desc, p.kind, p.field, p.detail limit $2
"""
REFUSED_SQL: Final = """
select r.row, p.field, p.detail, p.body
from import_refusals r left join payloads p on p.id = r.payload_id
where r.import_id = $1 and r.row > $2 order by r.row limit $3
"""
FAULTS_MAX: Final = 20


async def listed(reader: Reader, *, before: object, limit: int) -> Sequence[dict[str, Any]]:
    """Imports, newest first, before the one whose id is given."""
    return [dict(row) for row in await reader.fetch(LISTED_SQL, before, limit)]


async def one(reader: Reader, import_id: str) -> dict[str, Any] | None:
    """One import."""
    row = await reader.fetchrow(ONE_SQL, import_id)
    return None if row is None else dict(row)


async def faults(reader: Reader, import_id: str) -> Sequence[dict[str, Any]]:
    """The commonest faults of an import's rows, each with how many rows have it."""
    return [dict(row) for row in await reader.fetch(FAULTS_SQL, import_id, FAULTS_MAX)]


async def refused(
    reader: Reader, import_id: str, *, after: int, limit: int
) -> Sequence[dict[str, Any]]:
    """Refused rows in order, behind a row; what was forgotten meanwhile has no body."""
    return [dict(row) for row in await reader.fetch(REFUSED_SQL, import_id, after, limit)]
