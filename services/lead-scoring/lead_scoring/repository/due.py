"""What is due by time alone, one row for each person whom time can move or has moved."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from baton.database import Reader
from baton.transaction import Transaction
from lead_scoring.domain.due import Due
from lead_scoring.tables import DueRow

COLUMNS: Final = ("person_id", "as_of", "due_at")
REPLACE: Final = """
on conflict (person_id) do update set as_of = excluded.as_of, due_at = excluded.due_at
where (due.as_of, due.due_at) is distinct from (excluded.as_of, excluded.due_at)
"""

OF_PEOPLE_SQL: Final = """
select person_id, as_of, due_at from due where person_id = any ($1::uuid[])
"""
FIND_SQL: Final = "select person_id from due where due_at <= $1 order by due_at limit $2"
FORGET_SQL: Final = "delete from due where person_id = any ($1::uuid[])"


async def load(reader: Reader, person_ids: Sequence[str]) -> dict[str, Due]:
    """What is due for these people."""
    rows = await reader.fetch(OF_PEOPLE_SQL, person_ids)
    return {row["person_id"]: Due(row["as_of"], row["due_at"]) for row in rows}


async def find(reader: Reader, *, until: datetime, limit: int) -> list[str]:
    """For whom something is due, the earliest first."""
    return [row["person_id"] for row in await reader.fetch(FIND_SQL, until, limit)]


async def save(tx: Transaction, known: Mapping[str, Due], *, gone: Iterable[str]) -> None:
    """Keep what is due for these people, and forget those for whom nothing ever will be."""
    rows = [(person_id, one.as_of, one.due_at) for person_id, one in sorted(known.items())]
    await tx.insert(DueRow, COLUMNS, rows, REPLACE)
    forgotten = sorted(gone)
    if forgotten:
        await tx.execute(FORGET_SQL, forgotten)
