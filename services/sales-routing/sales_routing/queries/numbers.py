"""How things stand at one moment: for the gauges and the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from baton.database import Reader

NUMBERS_SQL: Final = """
select
  (select coalesce(jsonb_object_agg(state, n), '{}') from
    (select state, count(*) as n from prospects group by state) s) as prospects,
  (select coalesce(jsonb_object_agg(reason, n), '{}') from
    (select reason, count(*) as n from prospects where state = 'waiting' group by reason) w)
    as unassigned,
  (select count(*) from offers where state = 'open') as open_offers,
  (select extract(epoch from $1 - min(received_at))::float8 from prospects
    where state = 'waiting') as oldest_seconds,
  (select coalesce(max(standstills), 0) from heartbeat) as standstills,
  (select coalesce(max(shifted_deadlines), 0) from heartbeat) as shifted_deadlines
"""


@dataclass(frozen=True, slots=True)
class Numbers:
    """How things stand at one moment."""

    prospects: Mapping[str, int]
    unassigned: Mapping[str, int]
    open_offers: int
    oldest_unassigned_seconds: float
    standstills: int
    shifted_deadlines: int


async def numbers(reader: Reader, now: datetime) -> Numbers:
    """The live numbers of the page and the gauges."""
    row = await reader.fetchrow(NUMBERS_SQL, now)
    assert row is not None
    return Numbers(
        prospects=row["prospects"],
        unassigned=row["unassigned"],
        open_offers=row["open_offers"],
        oldest_unassigned_seconds=max(0.0, row["oldest_seconds"] or 0.0),
        standstills=row["standstills"],
        shifted_deadlines=row["shifted_deadlines"],
    )
