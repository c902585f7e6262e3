"""Walking through all leads or all people, a stretch at a time, and remembering how far."""

from typing import Final

from baton.transaction import Transaction

TAKE_SQL: Final = """
insert into walks (name) values ($1) on conflict (name) do update set name = excluded.name
returning position
"""
"""The row is locked until the transaction ends: of two replicas one walks on."""
MOVE_SQL: Final = "update walks set position = $2 where name = $1"
BEGINNING: Final = "00000000-0000-0000-0000-000000000000"


async def position(tx: Transaction, name: str) -> str | None:
    """How far this walk has come: the id behind which it goes on; None: it was never begun."""
    found: str | None = await tx.fetchval(TAKE_SQL, name)
    return found


async def move(tx: Transaction, name: str, to: str | None) -> None:
    """Remember how far it has come; `BEGINNING` begins anew, None ends it."""
    await tx.fetchval(TAKE_SQL, name)
    await tx.execute(MOVE_SQL, name, to)
