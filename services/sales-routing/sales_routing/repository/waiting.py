"""What waits: for a card, for room, for a clock; candidates only, read again under locks."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from baton.database import Reader
from baton.transaction import Transaction

FOR_CARDS_SQL: Final = """
select id, person_id from prospects
where person_id = any ($1::uuid[]) and state = 'waiting' and reason = 'waiting_for_card'
"""
DUE_SQL: Final = """
select id, person_id from prospects where state = 'waiting' and due_at <= $1
order by due_at limit $2
"""
ROOM_SQL: Final = """
with room as (
  select m.pool_id, m.rep_id, r.capacity - r.open as room
  from pool_members m join reps r on r.id = m.rep_id
  where m.is_member and r.is_active and r.is_available
    and (r.capacity is null or r.open < r.capacity)
)
select p.id, p.person_id from prospects p
where p.state = 'waiting' and p.reason in ('no_capacity', 'no_rep')
  and exists (
    select 1 from room where room.pool_id = p.pool_id and not p.tried ? room.rep_id::text)
order by p.received_at
limit least($1::int, (select coalesce(sum(coalesce(room, $1::int)), 0) from room))
"""
OVERDUE_SQL: Final = """
select p.id, p.person_id from offers o join prospects p on p.id = o.prospect_id
where o.state = 'open' and o.deadline <= $1 order by o.deadline limit $2
"""
WAKE_SQL: Final = """
update prospects set due_at = $1 where state = 'waiting' and reason in ('no_capacity', 'no_rep')
"""
BEAT_SQL: Final = "select beat_at from heartbeat where id = 1"
KEEP_BEAT_SQL: Final = """
insert into heartbeat (id, beat_at, standstills, shifted_deadlines) values (1, $1, $2, $3)
on conflict (id) do update set beat_at = greatest(heartbeat.beat_at, excluded.beat_at),
  standstills = heartbeat.standstills + excluded.standstills,
  shifted_deadlines = heartbeat.shifted_deadlines + excluded.shifted_deadlines
"""
SHIFT_OFFERS_SQL: Final = "update offers set deadline = deadline + $1 where state = 'open'"
SHIFT_WAITING_SQL: Final = "update prospects set due_at = due_at + $1 where state = 'waiting'"


async def for_cards_of(reader: Reader, person_ids: Iterable[str]) -> dict[str, str]:
    """Prospects of these people that wait for the card: their person by their id."""
    rows = await reader.fetch(FOR_CARDS_SQL, list(person_ids))
    return {row["id"]: row["person_id"] for row in rows}


async def due(reader: Reader, now: datetime, limit: int) -> list[str]:
    """Prospects whose waiting clock has run out, the longest due first."""
    return [row["id"] for row in await reader.fetch(DUE_SQL, now, limit)]


async def with_room(reader: Reader, limit: int) -> list[str]:
    """Prospects that somebody has room for, who was not asked before; the oldest first."""
    return [row["id"] for row in await reader.fetch(ROOM_SQL, limit)]


async def overdue(reader: Reader, now: datetime, limit: int) -> list[str]:
    """Prospects whose offer's deadline has passed, the longest overdue first."""
    return [row["id"] for row in await reader.fetch(OVERDUE_SQL, now, limit)]


async def wake(tx: Transaction) -> None:
    """Let everything that waits for a rep be tried at once, because the team or the rules changed.

    It moves a clock and decides nothing, so it needs no lock on people.
    """
    await tx.execute(WAKE_SQL, tx.now)


async def last_beat(reader: Reader) -> datetime | None:
    """When the service last showed that it can answer."""
    beat: datetime | None = await reader.fetchval(BEAT_SQL)
    return beat


async def last_beat_held(tx: Transaction) -> datetime | None:
    """The same, and no standstill is declared until this transaction ends."""
    beat: datetime | None = await tx.fetchval(f"{BEAT_SQL} for share")
    return beat


async def last_beat_taken(tx: Transaction) -> datetime | None:
    """The same, alone with it until this transaction ends."""
    beat: datetime | None = await tx.fetchval(f"{BEAT_SQL} for update")
    return beat


async def keep_beat(tx: Transaction, *, standstills: int = 0, shifted: int = 0) -> None:
    """Show that the service can answer now, and count what a standstill moved."""
    await tx.execute(KEEP_BEAT_SQL, tx.now, standstills, shifted)


async def shift(tx: Transaction, gap: timedelta) -> int:
    """Move the deadlines of open offers and the clocks of what waits; returns how many offers."""
    tag = await tx.execute(SHIFT_OFFERS_SQL, gap)
    await tx.execute(SHIFT_WAITING_SQL, gap)
    return int(tag.rsplit(" ", 1)[1])
