"""Sources of the catalogue."""

from collections.abc import Mapping
from typing import Final

from baton.transaction import Transaction
from lead_scoring.tables import SourceRow

SUFFIX: Final = "on conflict (id) do update set name = excluded.name"


async def save_sources(tx: Transaction, names: Mapping[str, str]) -> None:
    """Keep the names of these sources, by id."""
    await tx.insert(SourceRow, ("id", "name"), sorted(names.items()), SUFFIX)
