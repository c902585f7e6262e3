"""By what people are known, as it is kept: how much each has, and what they learn."""

from collections.abc import Collection, Mapping
from typing import Final

from baton.database import Reader
from baton.transaction import Transaction
from marketing_intake.domain.identity import Identifier
from marketing_intake.tables import IdentifierRow, SharedAddressRow

HELD_SQL: Final = """
select person_id, kind, count(*) from identifiers where person_id = any ($1::uuid[])
group by person_id, kind
"""
PEOPLE_AT_SQL: Final = "select person_id from shared_addresses where address = $1 limit $2"
PEOPLE_AT_MAX: Final = 1000


async def load_held(reader: Reader, person_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """How many identifiers of each kind these people have; who has none is left out."""
    held: dict[str, dict[str, int]] = {}
    for person_id, kind, count in await reader.fetch(HELD_SQL, list(person_ids)):
        held.setdefault(person_id, {})[kind] = count
    return held


async def learn(tx: Transaction, learned: Mapping[Identifier, str]) -> None:
    """Keep by what else people are known; what became somebody's meanwhile stays theirs."""
    rows = [(one.kind, one.value, person_id) for one, person_id in sorted(learned.items())]
    await tx.insert(IdentifierRow, ("kind", "value", "person_id"), rows, "on conflict do nothing")


async def learn_shared(tx: Transaction, addresses: Mapping[str, str]) -> None:
    """Keep whose address is one that identifies nobody: by person."""
    rows = sorted((address, person_id) for person_id, address in addresses.items())
    await tx.insert(SharedAddressRow, ("address", "person_id"), rows, "on conflict do nothing")


async def people_at(reader: Reader, address: str) -> list[str]:
    """Who has this address that identifies nobody."""
    rows = await reader.fetch(PEOPLE_AT_SQL, address, PEOPLE_AT_MAX)
    return [row["person_id"] for row in rows]
