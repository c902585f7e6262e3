"""Sources as they are kept."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any, Final

import asyncpg

from baton.contracts.vocabulary import Channel, SourceKind
from baton.database import Reader
from baton.errors import Conflict, NotFound
from baton.transaction import Transaction
from marketing_intake.domain.source import Source
from marketing_intake.domain.traits import DeclaredTrait, TraitKind

COLUMNS: Final = (
    "id, name, kind, channel, is_active, form_key, redirects, honeypot, declared,"
    " cost_per_lead, currency"
)
INSERT_SQL: Final = f"""
insert into sources ({COLUMNS}, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""  # noqa: S608 our own columns
BY_ID_SQL: Final = f"select {COLUMNS} from sources where id = $1"  # noqa: S608 as above
BY_FORM_KEY_SQL: Final = f"select {COLUMNS} from sources where form_key = $1"  # noqa: S608 as above
ALL_SQL: Final = f"select {COLUMNS} from sources order by name limit $1"  # noqa: S608 as above
ACTIVE_SQL: Final = f"update sources set is_active = $2 where id = $1 returning {COLUMNS}"  # noqa: S608 as above
SOURCES_MAX: Final = 1000

Find = Callable[[Reader, str], Awaitable[Source | None]]
"""A way to find a source."""


async def insert_source(
    tx: Transaction, source: Source, cost: Decimal | None, currency: str | None
) -> None:
    """Keep a new source. Raises `Conflict` when the name is taken."""
    values = (
        source.id,
        source.name,
        source.kind,
        source.channel,
        source.is_active,
        source.form_key,
        list(source.redirects),
        source.honeypot,
        {trait.name: _document(trait) for trait in source.declared.values()},
        cost,
        currency,
    )
    try:
        await tx.execute(INSERT_SQL, *values, tx.now)
    except asyncpg.UniqueViolationError:
        raise Conflict("there is a source of that name already", field="name") from None


async def set_active(
    tx: Transaction,
    source_id: str,
    is_active: bool,  # noqa: FBT001 it is the value that is set
) -> tuple[Source, Decimal | None, str | None]:
    """Open or close a source; returns it with its cost. Raises `NotFound`."""
    row = await tx.fetchrow(ACTIVE_SQL, source_id, is_active)
    if row is None:
        raise NotFound("there is no such source", field="source_id")
    return _source(row), row["cost_per_lead"], row["currency"]


async def find_source(reader: Reader, source_id: str) -> Source | None:
    """The source of this id."""
    row = await reader.fetchrow(BY_ID_SQL, source_id)
    return None if row is None else _source(row)


async def find_form(reader: Reader, form_key: str) -> Source | None:
    """The source of this public form key."""
    row = await reader.fetchrow(BY_FORM_KEY_SQL, form_key)
    return None if row is None else _source(row)


async def list_sources(reader: Reader) -> list[Source]:
    """All sources, by name."""
    return [_source(row) for row in await reader.fetch(ALL_SQL, SOURCES_MAX)]


def _source(row: asyncpg.Record) -> Source:
    return Source(
        id=row["id"],
        name=row["name"],
        kind=SourceKind(row["kind"]),
        channel=Channel(row["channel"]),
        is_active=row["is_active"],
        declared={name: _trait(name, entry) for name, entry in row["declared"].items()},
        redirects=tuple(row["redirects"]),
        honeypot=row["honeypot"],
        form_key=row["form_key"],
    )


def _document(trait: DeclaredTrait) -> dict[str, object]:
    allowed = None if trait.allowed is None else sorted(trait.allowed)
    return {"kind": trait.kind, "allowed": allowed, "values_max": trait.values_max}


def _trait(name: str, entry: dict[str, Any]) -> DeclaredTrait:
    allowed = entry["allowed"]
    return DeclaredTrait(
        name=name,
        kind=TraitKind(entry["kind"]),
        allowed=None if allowed is None else frozenset(allowed),
        values_max=entry["values_max"],
    )
