"""What failed and is not mended: refused payloads, and samples of what was nobody's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from baton.database import Reader

COLUMNS: Final = """
  p.id as failed_id, 'payload' as item, p.source_id, p.received_at,
  coalesce(p.failure, 'schema') as failure, p.component, p.component_version, p.contract_version,
  p.content_type, p.kind, p.field, p.detail, length(p.body)::bigint as bytes
"""
STRAY_COLUMNS: Final = """
  y.id, 'stray', y.source_id, y.received_at,
  case y.reason when 'too large' then 'limit' else 'signature' end, y.component, null, null, '',
  'stray', null, y.reason, y.body_bytes
"""
LIST_SQL: Final = f"""
select f.*, s.name as source from (
  (select {COLUMNS} from payloads p
   where p.status = 'refused' and p.resent_as is null and ($1::uuid is null or p.id < $1)
     and ($2::uuid is null or p.source_id = $2)
     and ($3::text is null or coalesce(p.failure, 'schema') = $3)
     and ($4::text is null or p.component = $4)
     and ($5::timestamptz is null or p.received_at >= $5)
   order by p.id desc limit $6)
  union all
  (select {STRAY_COLUMNS} from strays y
   where ($1::uuid is null or y.id < $1) and ($2::uuid is null or y.source_id = $2)
     and ($3::text is null
       or $3 = case y.reason when 'too large' then 'limit' else 'signature' end)
     and ($4::text is null or y.component = $4)
     and ($5::timestamptz is null or y.received_at >= $5)
   order by y.id desc limit $6)
) f left join sources s on s.id = f.source_id order by f.failed_id desc limit $6
"""  # noqa: S608 our own columns
SHOW_SQL: Final = f"""
select f.*, s.name as source from (
  select {COLUMNS}, p.status, p.resent_as, p.body, p.headers from payloads p where p.id = $1
  union all
  select {STRAY_COLUMNS}, 'stray', null, y.sample, null from strays y where y.id = $1
) f left join sources s on s.id = f.source_id
"""  # noqa: S608 as above
TO_REPLAY_SQL: Final = """
select p.id from payloads p
where p.status = 'refused' and p.resent_as is null and ($1::uuid is null or p.id > $1)
  and ($2::uuid is null or p.source_id = $2)
  and ($3::text is null or coalesce(p.failure, 'schema') = $3)
  and ($4::text is null or p.component = $4)
  and ($5::timestamptz is null or p.received_at >= $5)
order by p.id limit $6
"""


@dataclass(frozen=True, slots=True)
class FailedFilter:
    """Which of what failed; None: any."""

    source_id: str | None = None
    failure: str | None = None
    component: str | None = None
    since: datetime | None = None

    def values(self) -> tuple[object, ...]:
        """In the order in which the statements want them."""
        return self.source_id, self.failure, self.component, self.since


async def failed(
    reader: Reader, wanted: FailedFilter, *, before: object, limit: int
) -> list[dict[str, Any]]:
    """What failed, newest first, before the one whose id is given; without their bytes."""
    rows = await reader.fetch(LIST_SQL, before, *wanted.values(), limit)
    return [dict(row) for row in rows]


async def failed_item(reader: Reader, failed_id: str) -> dict[str, Any] | None:
    """One payload or stray with its bytes, and with what became of it."""
    row = await reader.fetchrow(SHOW_SQL, failed_id)
    return None if row is None else dict(row)


async def to_replay(
    reader: Reader, wanted: FailedFilter, *, after: object, limit: int
) -> list[str]:
    """The ids of refused payloads, oldest first, after the one whose id is given."""
    rows = await reader.fetch(TO_REPLAY_SQL, after, *wanted.values(), limit)
    return [row["id"] for row in rows]
