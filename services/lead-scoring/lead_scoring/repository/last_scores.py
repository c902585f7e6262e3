"""What was said of people last: their newest receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from asyncpg import Record

from baton.database import Reader
from lead_scoring.domain.decisions import Missing

# What was taken back says how somebody stood when it was given.
LATEST_SQL: Final = """
select r.person_id, r.id, r.decided_at, r.fit, r.engagement, r.band, r.missing
from unnest($1::uuid[]) as p (id) cross join lateral (
  select person_id, id, decided_at, fit, engagement, band, details -> 'missing' as missing
  from receipts where person_id = p.id and result <> 'undone'
  order by decided_at desc, id desc limit 1
) r
"""


@dataclass(frozen=True, slots=True)
class LastScore:
    """A score as it was said last; `place` orders them in time."""

    place: tuple[datetime, str]
    fit: float
    engagement: float
    band: str | None
    missing: tuple[Missing, ...]


async def load(reader: Reader, person_ids: Sequence[str]) -> dict[str, LastScore]:
    """The last score said under each of these ids."""
    rows = await reader.fetch(LATEST_SQL, person_ids)
    return {row["person_id"]: _last(row) for row in rows}


def _last(row: Record) -> LastScore:
    return LastScore(
        place=(row["decided_at"], row["id"]),
        fit=row["fit"],
        engagement=row["engagement"],
        band=row["band"],
        missing=tuple(Missing(word) for word in row["missing"] or ()),
    )
