"""Whose browsers are, as it is kept."""

from collections.abc import Container, Mapping, Sequence
from typing import Final

import asyncpg

from baton.database import Reader
from baton.transaction import Transaction
from marketing_intake.domain.browsers import Owner
from marketing_intake.domain.identity import Identifier

# Anonymous is whoever nothing but browsers' ids speak for, also by way of a merge.
OWNERS_SQL: Final = """
select i.kind, i.value, i.person_id,
  not exists (select from identifiers o
    where o.person_id = i.person_id and o.kind not like 'anonymous:%')
  and not exists (select from merges m where m.is_active and m.member_ids @> array[i.person_id])
  as is_anonymous
from unnest($1::text[], $2::text[]) as n (kind, value) join identifiers i using (kind, value)
"""
MOVE_SQL: Final = """
update identifiers i set person_id = n.person_id
from unnest($1::text[], $2::text[], $3::uuid[]) as n (kind, value, person_id)
where i.kind = n.kind and i.value = n.value
"""


async def owners(
    reader: Reader, browsers: Sequence[Identifier], locked: Container[str]
) -> dict[Identifier, Owner]:
    """Whose these browsers are, once the people whom they seemed to be are locked.

    Raises asyncpg's `SerializationError` when one has changed hands while we waited for a lock:
    do the batch again.
    """
    kinds, values = [one.kind for one in browsers], [one.value for one in browsers]
    rows = await reader.fetch(OWNERS_SQL, kinds, values)
    if any(row["person_id"] not in locked for row in rows):
        raise asyncpg.SerializationError("a browser has changed hands")
    return {
        Identifier(row["kind"], row["value"]): Owner(row["person_id"], row["is_anonymous"])
        for row in rows
    }


async def move(tx: Transaction, moved: Mapping[Identifier, str]) -> None:
    """Keep whose browsers are from now on."""
    if moved:
        ordered = sorted(moved.items())
        kinds, values = [one.kind for one, _ in ordered], [one.value for one, _ in ordered]
        await tx.execute(MOVE_SQL, kinds, values, [person_id for _, person_id in ordered])
