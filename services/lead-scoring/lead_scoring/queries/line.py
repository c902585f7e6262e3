"""Where leads are on either side of the line, by day and source, for the pages."""

from datetime import datetime
from typing import Any, Final

from baton.database import Reader

# By when things happened, so that history that is told late is in its place.
DAYS_SQL: Final = """
select (f.happened_at at time zone 'UTC')::date as day, d.source_id, s.name as source, l.state,
  count(*) as leads
from facts f join leads l on l.lead_id = f.lead_id
cross join lateral (select f.data #>> '{attributes,source}' as source_id) d
left join sources s on s.id = d.source_id::uuid
where f.happened_at >= $1 and f.happened_at < $2 and not f.is_test
group by 1, 2, 3, 4
"""
LAST_SQL: Final = "select max(happened_at) from facts where not is_test"


async def days(reader: Reader, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Leads that happened in the span, by day (UTC), source and state; test leads apart."""
    return [dict(row) for row in await reader.fetch(DAYS_SQL, since, until)]


async def last_lead_at(reader: Reader) -> datetime | None:
    """When the latest lead happened."""
    at: datetime | None = await reader.fetchval(LAST_SQL)
    return at
