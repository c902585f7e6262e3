"""Answers to keys, for as long as they are remembered."""

from datetime import datetime
from typing import Final

from baton.transaction import Transaction

LIMIT: Final = 5000
FORGET_SQL: Final = """
delete from idempotency where ctid = any (array(
  select ctid from idempotency where created_at < $1 limit $2))
"""


async def forget_answers(tx: Transaction, before: datetime) -> int:
    """Delete a bounded number of old answers; returns how many."""
    tag = await tx.execute(FORGET_SQL, before, LIMIT)
    return int(tag.rsplit(" ", 1)[1])
