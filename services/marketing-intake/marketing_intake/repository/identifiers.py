"""By what people are known, as it is kept: how much each has, and what they learn."""

from collections.abc import Collection, Mapping
from typing import Final

from baton.database import Reader
from baton.transaction import Transaction
from marketing_intake.domain.identity import Identifier
from marketing_intake.tables import IdentifierRow

HELD_SQL: Final = """
select person_id, kind, count(*) from identifiers where person_id = any ($1::uuid[])
group by person_id, kind
"""


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
