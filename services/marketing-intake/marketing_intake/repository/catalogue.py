"""Sources as they are kept."""

from typing import Final

import asyncpg

from baton.database import Reader
from baton.errors import Conflict, NotFound
from baton.transaction import Transaction
from marketing_intake.domain.source import Source
from marketing_intake.repository import enrichment, match_rules
from marketing_intake.repository.source_rows import COLUMNS, source_of, values_of

PLACES: Final = ", ".join(f"${n}" for n in range(1, len(COLUMNS) + 1))
NAMES: Final = ", ".join(COLUMNS)
INSERT_SQL: Final = f"""
insert into sources ({NAMES}, created_at) values ({PLACES}, ${len(COLUMNS) + 1})
"""  # noqa: S608 our own columns
UPDATE_SQL: Final = f"update sources set ({NAMES}) = row ({PLACES}) where id = $1"  # noqa: S608 as above
WITH_RULES: Final = f"""
select {NAMES}, {match_rules.COLUMNS}, {enrichment.NAMES} from sources
"""  # noqa: S608 as above
BY_ID_SQL: Final = f"{WITH_RULES} where id = $1"
ALL_SQL: Final = f"select {NAMES} from sources order by name limit $1"  # noqa: S608 as above
SOURCES_MAX: Final = 1000


async def insert_source(tx: Transaction, source: Source) -> None:
    """Keep a new source. Raises `Conflict` when the name is taken."""
    try:
        await tx.execute(INSERT_SQL, *values_of(source), tx.now)
    except asyncpg.UniqueViolationError:
        raise Conflict("there is a source of that name already", field="name") from None


async def update_source(tx: Transaction, source: Source) -> None:
    """Keep what changed of a source. Raises `Conflict` when the name is taken."""
    try:
        await tx.execute(UPDATE_SQL, *values_of(source))
    except asyncpg.UniqueViolationError:
        raise Conflict("there is a source of that name already", field="name") from None


async def lock_source(tx: Transaction, source_id: str) -> Source:
    """The source, which nobody else changes until this transaction ends. Raises `NotFound`."""
    row = await tx.fetchrow(f"{BY_ID_SQL} for update", source_id)
    if row is None:
        raise NotFound("there is no such source", field="source_id")
    return source_of(row)


async def find_source(reader: Reader, source_id: str) -> Source | None:
    """The source of this id."""
    row = await reader.fetchrow(BY_ID_SQL, source_id)
    return None if row is None else source_of(row)


async def list_sources(reader: Reader) -> list[Source]:
    """All sources, by name."""
    return [source_of(row) for row in await reader.fetch(ALL_SQL, SOURCES_MAX)]
