"""The versions of contracts, and the portions of a day's limit that processes have claimed."""

from datetime import date, datetime
from typing import Final

from baton.database import Reader
from baton.transaction import Transaction

VERSION_SQL: Final = """
insert into source_contracts (source_id, version, document, who, at) values ($1, $2, $3, $4, $5)
"""
CLAIM_SQL: Final = """
insert into source_days as d (source_id, day, taken)
values ($1, $2, least($3::integer, $4::integer))
on conflict (source_id, day) do update
set taken = greatest(d.taken, least(d.taken + $3::integer, $4::integer))
returning new.taken - coalesce(old.taken, 0)
"""
ACTIVE_KEYS_SQL: Final = """
select key_id from api_keys where source_id = $1 and revoked_at is null
  and (expires_at is null or expires_at > $2)
"""
FORGET_DAYS_SQL: Final = "delete from source_days where day < $1"


async def insert_version(
    tx: Transaction, source_id: str, version: int, document: dict[str, object], *, who: str
) -> None:
    """Keep what a contract says from now on."""
    await tx.execute(VERSION_SQL, source_id, version, document, who, tx.now)


async def active_keys(reader: Reader, source_id: str, now: datetime) -> set[str]:
    """The ids of the keys by which this source may send now."""
    return {row["key_id"] for row in await reader.fetch(ACTIVE_KEYS_SQL, source_id, now)}


async def claim(tx: Transaction, source_id: str, day: date, wanted: int, *, per_day: int) -> int:
    """Claim a portion of a source's day, for one process to spend; returns how much there was."""
    claimed: int = await tx.fetchval(CLAIM_SQL, source_id, day, wanted, per_day)
    return claimed


async def forget_days(tx: Transaction, before: date) -> int:
    """Delete the counts of days that are over."""
    tag = await tx.execute(FORGET_DAYS_SQL, before)
    return int(tag.rsplit(" ", 1)[1])
