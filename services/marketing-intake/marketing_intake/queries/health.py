"""How sources are: when each was last heard, and what it sends and is refused lately."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from baton.database import Reader
from baton.ids import first_id_of

# Ids are in the order of time, so a range of them needs no index of its own.
LAST_SQL: Final = "select source_id, max(received_at) as last from leads group by source_id"
HOURS_SQL: Final = """
select source_id, date_trunc('hour', received_at, 'UTC') as hour, count(*) as leads,
  count(*) filter (where received_at >= $3) as today
from leads where id >= $1 and received_at >= $2 group by source_id, hour
"""
REFUSED_SQL: Final = """
select source_id, count(*) as refused from payloads
where id >= $1 and received_at >= $2 and status in ('refused', 'discarded') group by source_id
"""


async def last_heard(reader: Reader) -> Mapping[str, datetime]:
    """When each source's last lead was received."""
    return {row["source_id"]: row["last"] for row in await reader.fetch(LAST_SQL)}


async def hours(reader: Reader, since: datetime, today: datetime) -> list[dict[str, Any]]:
    """Leads received since a moment by source and hour; `today` counts those of the day alone."""
    rows = await reader.fetch(HOURS_SQL, first_id_of(since), since, today)
    return [dict(row) for row in rows]


async def refused_since(reader: Reader, since: datetime) -> Mapping[str, int]:
    """How much of each source was refused since a moment."""
    rows = await reader.fetch(REFUSED_SQL, first_id_of(since), since)
    return {row["source_id"]: row["refused"] for row in rows}
