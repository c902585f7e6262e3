"""Answers to keys, for as long as they are remembered."""

from datetime import datetime
from typing import Final

from baton.transaction import Transaction

LIMIT: Final = 5000
FORGET_SQL: Final = """
delete from idempotency where ctid = any (array(
  select ctid from idempotency where kept_until is null and created_at < $1 limit $2))
"""
FORGET_EVENT_IDS_SQL: Final = """
delete from idempotency where ctid = any (array(
  select ctid from idempotency where kept_until < $1 limit $2))
"""
INSERT_SQL: Final = """
insert into idempotency (source_id, key_hash, fingerprint, status, body, created_at, kept_until)
values ($1, $2, $3, $4, $5, $6, $7)
"""


async def insert_answer(
    tx: Transaction,
    source_id: str,
    key: tuple[bytes, bytes],
    answer: tuple[int, bytes],
    *,
    kept_until: datetime,
) -> None:
    """Keep the answer (status and JSON) of a new key (its hash and fingerprint)."""
    await tx.execute(INSERT_SQL, source_id, *key, *answer, tx.now, kept_until)


async def insert_if_new(
    tx: Transaction,
    source_id: str,
    key: tuple[bytes, bytes],
    answer: tuple[int, bytes],
    *,
    kept_until: datetime | None,
) -> None:
    """Keep the answer of a key as `insert_answer` does, unless it has one."""
    sql = f"{INSERT_SQL} on conflict do nothing"
    await tx.execute(sql, source_id, *key, *answer, tx.now, kept_until)


async def forget_answers(tx: Transaction, before: datetime) -> int:
    """Delete a bounded number of old answers, and of event ids whose time is over; says how many.

    `before` is when what is forgotten now was given to keys of the API.
    """
    tags = [
        await tx.execute(FORGET_SQL, before, LIMIT),
        await tx.execute(FORGET_EVENT_IDS_SQL, tx.now, LIMIT),
    ]
    return max(int(tag.rsplit(" ", 1)[1]) for tag in tags)
