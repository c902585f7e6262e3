"""How many leads came on which day, by source, and what became of them."""

from datetime import datetime
from typing import Any, Final

from baton.database import Reader

# By when things happened, as in the reports, so that history that is told late is in its place.
DAYS_SQL: Final = """
select (l.happened_at at time zone 'UTC')::date as day, s.name as source, count(*) as leads,
  count(*) filter (where l.was_qualified) as qualified,
  count(*) filter (where l.sales_state = 'won') as won
from leads l join sources s on s.id = l.source_id
where l.own_state = 'captured' and l.happened_at >= $1 and l.happened_at < $2
group by 1, 2
"""
LAST_SQL: Final = "select max(happened_at) from leads where own_state = 'captured'"


async def days(reader: Reader, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Leads that happened in the span, by day (UTC) and source; no line for a day without any."""
    return [dict(row) for row in await reader.fetch(DAYS_SQL, since, until)]


async def last_lead_at(reader: Reader) -> datetime | None:
    """When the latest lead happened."""
    at: datetime | None = await reader.fetchval(LAST_SQL)
    return at
