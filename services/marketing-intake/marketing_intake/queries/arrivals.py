"""What came in lately, of every kind, newest first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from baton.database import Reader
from baton.ids import first_id_of

DAYS_MAX: Final = 7
"""So far back it is looked: a rare kind of a quiet source must not read the whole table."""


class What(StrEnum):
    """What came."""

    LEAD = "lead"
    ACTIVITY = "activity"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of what came; None: any. `word` is a lead's state or an activity's kind."""

    what: What | None = None
    source_id: str | None = None
    word: str | None = None


LEADS_SQL: Final = """
select l.id, 'lead' as what, l.source_id, l.received_at, l.happened_at, l.channel,
  l.state as word, null as detail, l.person_id
from leads l where l.id >= $1 and ($2::uuid is null or l.id < $2)
  and ($3::uuid is null or l.source_id = $3) and ($4::text is null or l.state = $4)
order by l.id desc limit $5
"""
ACTIVITIES_SQL: Final = """
select a.id, 'activity' as what, a.source_id, a.received_at, a.happened_at, a.channel,
  a.kind as word,
  case when a.suspicion is not null or exists (select from retractions r where r.activity_id = a.id)
    then 'machine' end as detail,
  a.person_id
from activities a where a.id >= $1 and ($2::uuid is null or a.id < $2)
  and ($3::uuid is null or a.source_id = $3) and ($4::text is null or a.kind = $4)
order by a.id desc limit $5
"""
# A refusal's detail is ours and says what was expected, never what came.
REFUSED_SQL: Final = """
select p.id, 'refused' as what, p.source_id, p.received_at, null as happened_at, null as channel,
  coalesce(p.failure, p.kind, 'schema') as word,
  concat_ws(': ', p.field, p.detail) as detail, null as person_id
from payloads p where p.id >= $1 and ($2::uuid is null or p.id < $2)
  and ($3::uuid is null or p.source_id = $3) and p.status = 'refused' and p.resent_as is null
  and $4::text is null
order by p.id desc limit $5
"""
STATEMENTS: Final = {
    What.LEAD: LEADS_SQL,
    What.ACTIVITY: ACTIVITIES_SQL,
    What.REFUSED: REFUSED_SQL,
}
NAMES_SQL: Final = "select id, name from sources where id = any ($1::uuid[])"


async def latest(
    reader: Reader, wanted: Wanted, *, before: str | None, now: datetime, limit: int
) -> list[dict[str, Any]]:
    """The newest of what came in the last days, before the one whose id is given."""
    since = first_id_of(now - timedelta(days=DAYS_MAX))
    rows: list[dict[str, Any]] = []
    for what, sql in STATEMENTS.items():
        if wanted.what in (None, what):
            found = await reader.fetch(sql, since, before, wanted.source_id, wanted.word, limit)
            rows += [dict(row) for row in found]
    rows = sorted(rows, key=lambda row: str(row["id"]), reverse=True)[:limit]
    named = await reader.fetch(NAMES_SQL, list({row["source_id"] for row in rows}))
    names = {row["id"]: row["name"] for row in named}
    return [row | {"source": names.get(row["source_id"], "")} for row in rows]
