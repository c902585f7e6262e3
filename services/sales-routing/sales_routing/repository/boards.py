"""The board: loaded under the locks of its pools, and what it decided."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from asyncpg import Record

from baton.database import Reader, columns_of
from baton.transaction import Transaction
from sales_routing.domain.board import Board, Placed, Pool, Seat
from sales_routing.domain.log import kept_set
from sales_routing.domain.routing import Standing
from sales_routing.domain.rules import Profile, Rulebook, pool_wanted
from sales_routing.repository.rulebooks import rulebook_of
from sales_routing.tables import DecisionRow

RULEBOOK_SQL: Final = "select version, document from rulebook where id = 1"
OWNER_SQL: Final = "select is_active from reps where id = $1"
MANNED_SQL: Final = """
select distinct m.pool_id from pool_members m join reps r on r.id = m.rep_id
where m.is_member and r.is_active and r.is_available
"""
LOCK_POOLS_SQL: Final = """
select id, decision_number, accept_seconds from pools where id = any ($1::uuid[])
order by id for no key update
"""
LOCK_REPS_SQL: Final = """
select id, weight, capacity, open, is_active and is_available as is_present from reps
where id in (select rep_id from pool_members where pool_id = any ($1::uuid[]) and is_member)
  or id = any ($2::uuid[])
order by id for no key update
"""
MEMBERS_SQL: Final = """
select pool_id, rep_id, received, shortfall from pool_members
where pool_id = any ($1::uuid[]) and is_member order by rep_id
"""
NUMBERS_SQL: Final = """
update pools p set decision_number = n.number
from unnest($1::uuid[], $2::bigint[]) as n (id, number) where p.id = n.id
"""
STANDINGS_SQL: Final = """
update pool_members m set received = n.received, shortfall = n.shortfall
from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[])
  as n (pool_id, rep_id, received, shortfall)
where m.pool_id = n.pool_id and m.rep_id = n.rep_id
"""
DECISION_COLUMNS: Final = ("pool_id", "number", "kind", "at", "prospect_id", "rep_id", "eligible")


@dataclass(frozen=True, slots=True)
class Logged:
    """A decision with the prospect that it was made for."""

    placed: Placed
    prospect_id: str


async def load_rulebook(reader: Reader) -> Rulebook:
    """The rules in force, as of now."""
    return _rulebook(await reader.fetchrow(RULEBOOK_SQL))


async def load_rulebook_held(tx: Transaction) -> Rulebook:
    """The rules in force; they do not change until this transaction ends."""
    return _rulebook(await tx.fetchrow(f"{RULEBOOK_SQL} for share"))


async def load_board(tx: Transaction, profiles: Iterable[Profile], held: Counter[str]) -> Board:
    """Lock and load all pools that prospects of these profiles may need.

    `held` is by how much this transaction has changed what reps hold, before it is saved; their
    rows are locked here as well, because locks are taken in one order.
    """
    rulebook = await _rulebook_with_owner(tx)
    manned = {row["pool_id"] for row in await tx.fetch(MANNED_SQL)}
    wanted = {pool_wanted(rulebook, profile, manned.__contains__) for profile in profiles}
    return await _load_pools(tx, rulebook, sorted(one for one in wanted if one), held)


async def save_board(tx: Transaction, board: Board, log: Sequence[Logged]) -> None:
    """Write the log, and how the pools and their members stand after it."""
    rows = [
        (
            one.placed.decision.pool_id,
            one.placed.decision.number,
            one.placed.role,
            tx.now,
            one.prospect_id,
            one.placed.decision.rep_id,
            kept_set(one.placed.decision.eligible),
        )
        for one in log
    ]
    if rows:
        await tx.insert(DecisionRow, DECISION_COLUMNS, rows)
        touched = [board.pools[pool_id] for pool_id in sorted({str(row[0]) for row in rows})]
        await tx.execute(NUMBERS_SQL, [pool.id for pool in touched], [p.number for p in touched])
        standings = [
            (pool.id, one.rep_id, one.received, one.shortfall)
            for pool in touched
            for one in pool.wheel.after()
        ]
        await tx.execute(STANDINGS_SQL, *columns_of(standings, 4))


async def _rulebook_with_owner(tx: Transaction) -> Rulebook:
    rulebook = await load_rulebook_held(tx)
    owner_id = rulebook.fallback_owner_id
    if owner_id is None or await tx.fetchval(OWNER_SQL, owner_id):
        return rulebook
    return replace(rulebook, fallback_owner_id=None)


def _rulebook(row: Record | None) -> Rulebook:
    assert row is not None, "the first migration makes the row"
    return rulebook_of(row["version"], row["document"])


async def _load_pools(
    tx: Transaction, rulebook: Rulebook, pool_ids: Sequence[str], held: Counter[str]
) -> Board:
    pools = await tx.fetch(LOCK_POOLS_SQL, pool_ids)
    reps = {row["id"]: row for row in await tx.fetch(LOCK_REPS_SQL, pool_ids, list(held))}
    seats: dict[str, list[Seat]] = {row["id"]: [] for row in pools}
    for member in await tx.fetch(MEMBERS_SQL, pool_ids):
        rep = reps[member["rep_id"]]
        room = None if rep["capacity"] is None else rep["capacity"] - rep["open"] - held[rep["id"]]
        standing = Standing(rep["id"], rep["weight"], member["received"], member["shortfall"])
        seats[member["pool_id"]].append(Seat(standing, room, rep["is_present"]))
    return Board(
        rulebook,
        {
            row["id"]: Pool(
                row["id"], row["decision_number"], row["accept_seconds"], seats[row["id"]]
            )
            for row in pools
        },
    )
