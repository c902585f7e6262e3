"""Reps, pools, rules and the changes of them that pools' logs number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from asyncpg import Record

from baton.database import Reader
from baton.transaction import Transaction
from sales_routing.domain.log import EntryKind
from sales_routing.domain.rules import Rulebook
from sales_routing.repository.rulebooks import document_of, rulebook_of
from sales_routing.tables import DecisionRow, PoolMemberRow, PoolRow, RepRow

DETAILS: Final = ("name", "team", "weight", "capacity", "is_available", "is_active", "sign_in")
REP_COLUMNS: Final = ("id", *DETAILS, "open", "described", "created_at")
REPS_SQL: Final = f"select {', '.join(REP_COLUMNS)} from reps"  # noqa: S608 our own columns
UPDATE_REP_SQL: Final = """
update reps set name = $2, team = $3, weight = $4, capacity = $5, is_available = $6,
  is_active = $7, sign_in = $8, described = $9
where id = $1
"""
POOLS_OF_SQL: Final = "select pool_id from pool_members where rep_id = $1 and is_member"
LOCK_SQL: Final = """
select id from pools where $1::uuid[] is null or id = any ($1) order by id for no key update
"""
NEXT_SQL: Final = """
update pools set decision_number = decision_number + 1 where id = any ($1::uuid[])
returning id, decision_number
"""
WEIGHTS_SQL: Final = """
select m.pool_id, m.rep_id, r.weight from pool_members m join reps r on r.id = m.rep_id
where m.pool_id = any ($1::uuid[]) and m.is_member order by m.pool_id, m.rep_id
"""
POOLS_SQL: Final = """
select p.id, p.name, p.accept_seconds, p.decision_number,
  array(select m.rep_id from pool_members m where m.pool_id = p.id and m.is_member
    order by m.rep_id) as member_ids
from pools p
"""
UPDATE_POOL_SQL: Final = "update pools set name = $2, accept_seconds = $3 where id = $1"
LEAVE_SQL: Final = """
update pool_members set is_member = false where pool_id = $1 and not rep_id = any ($2::uuid[])
"""
JOIN_SUFFIX: Final = "on conflict (pool_id, rep_id) do update set is_member = true"
RULEBOOK_SQL: Final = "select version, document from rulebook where id = 1"
KEEP_RULEBOOK_SQL: Final = "update rulebook set version = $1, document = $2 where id = 1"
LOG_COLUMNS: Final = ("pool_id", "number", "kind", "at", "rep_id", "document")


@dataclass(frozen=True, slots=True)
class RepDetails:
    """What can be said of a rep by hand."""

    name: str
    team: str
    weight: int
    capacity: int | None
    is_available: bool
    is_active: bool
    sign_in: str | None


@dataclass(frozen=True, slots=True)
class Rep:
    """A rep, how many prospects they hold, and how often they were described to others."""

    id: str
    details: RepDetails
    open: int = 0
    described: int = 0


@dataclass(frozen=True, slots=True)
class PoolDetails:
    """What can be said of a pool by hand."""

    name: str
    accept_seconds: float | None
    member_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeamPool:
    """A pool and the last number of its log."""

    id: str
    details: PoolDetails
    decision_number: int = 0


async def reps(reader: Reader) -> list[Rep]:
    """All reps, in the order in which they came."""
    return [_rep(row) for row in await reader.fetch(f"{REPS_SQL} order by created_at, id")]


async def rep(reader: Reader, rep_id: str) -> Rep | None:
    """One rep."""
    row = await reader.fetchrow(f"{REPS_SQL} where id = $1", rep_id)
    return None if row is None else _rep(row)


async def known_reps(reader: Reader, rep_ids: Iterable[str]) -> set[str]:
    """Which of these reps there are."""
    rows = await reader.fetch("select id from reps where id = any ($1::uuid[])", list(rep_ids))
    return {row["id"] for row in rows}


async def signs_in_as(reader: Reader, sign_in: str) -> str | None:
    """The rep who signs in with this, if any."""
    rep_id: str | None = await reader.fetchval("select id from reps where sign_in = $1", sign_in)
    return rep_id


async def insert_rep(tx: Transaction, one: Rep) -> None:
    """Add a rep."""
    details = (getattr(one.details, name) for name in DETAILS)
    await tx.insert(RepRow, REP_COLUMNS, [(one.id, *details, one.open, one.described, tx.now)])


async def update_rep(tx: Transaction, one: Rep) -> None:
    """Change what is said of a rep."""
    details = (getattr(one.details, name) for name in DETAILS)
    await tx.execute(UPDATE_REP_SQL, one.id, *details, one.described)


async def pools(reader: Reader) -> list[TeamPool]:
    """All pools, in the order in which they came."""
    return [_pool(row) for row in await reader.fetch(f"{POOLS_SQL} order by p.created_at, p.id")]


async def pool(reader: Reader, pool_id: str) -> TeamPool | None:
    """One pool."""
    row = await reader.fetchrow(f"{POOLS_SQL} where p.id = $1", pool_id)
    return None if row is None else _pool(row)


async def insert_pool(tx: Transaction, one: TeamPool) -> None:
    """Add a pool without members."""
    columns = ("id", "name", "accept_seconds", "decision_number", "created_at")
    details = one.details
    await tx.insert(PoolRow, columns, [(one.id, details.name, details.accept_seconds, 0, tx.now)])


async def update_pool(tx: Transaction, one: TeamPool) -> None:
    """Change what is said of a pool, and who its members are; a return finds the old standing."""
    details = one.details
    await tx.execute(UPDATE_POOL_SQL, one.id, details.name, details.accept_seconds)
    await tx.execute(LEAVE_SQL, one.id, list(details.member_ids))
    columns = ("pool_id", "rep_id", "is_member", "received", "shortfall")
    rows = [(one.id, rep_id, True, 0, 0) for rep_id in details.member_ids]
    await tx.insert(PoolMemberRow, columns, rows, JOIN_SUFFIX)


async def pools_of(reader: Reader, rep_id: str) -> list[str]:
    """The pools that a rep is a member of."""
    return [row["pool_id"] for row in await reader.fetch(POOLS_OF_SQL, rep_id)]


async def lock_pools(tx: Transaction, pool_ids: Sequence[str] | None) -> list[str]:
    """Lock these pools, or all; returns which there are."""
    return [row["id"] for row in await tx.fetch(LOCK_SQL, pool_ids)]


async def rulebook_taken(tx: Transaction) -> Rulebook:
    """The rules in force; nobody else reads or changes them until this transaction ends."""
    row = await tx.fetchrow(f"{RULEBOOK_SQL} for update")
    assert row is not None, "the first migration makes the row"
    return rulebook_of(row["version"], row["document"])


async def keep_rulebook(tx: Transaction, rulebook: Rulebook) -> None:
    """Put new rules in force."""
    await tx.execute(KEEP_RULEBOOK_SQL, rulebook.version, document_of(rulebook))


async def log_rosters(tx: Transaction, pool_ids: Sequence[str]) -> None:
    """Number in each of these pools' logs who its members are and with which weights."""
    weights: dict[str, dict[str, int]] = {pool_id: {} for pool_id in pool_ids}
    for row in await tx.fetch(WEIGHTS_SQL, list(pool_ids)):
        weights[row["pool_id"]][row["rep_id"]] = row["weight"]
    await _log(
        tx,
        EntryKind.ROSTER,
        {one: ({"weights": of_pool}, None) for one, of_pool in weights.items()},
    )


async def log_rules(tx: Transaction, pool_ids: Sequence[str], rulebook: Rulebook) -> None:
    """Number in each of these pools' logs which rules hold from here on."""
    document = {"version": rulebook.version, **document_of(rulebook)}
    await _log(tx, EntryKind.RULES, dict.fromkeys(pool_ids, document))


async def log_rep(tx: Transaction, pool_ids: Sequence[str], one: Rep) -> None:
    """Number in each of these pools' logs whether a rep is there and what they can hold."""
    named = ("is_active", "is_available", "capacity")
    document = {name: getattr(one.details, name) for name in named}
    await _log(tx, EntryKind.REP, dict.fromkeys(pool_ids, document), one.id)


async def _log(
    tx: Transaction, kind: EntryKind, documents: Mapping[str, object], rep_id: str | None = None
) -> None:
    numbers = await tx.fetch(NEXT_SQL, list(documents))
    rows = [
        (row["id"], row["decision_number"], kind, tx.now, rep_id, documents[row["id"]])
        for row in numbers
    ]
    await tx.insert(DecisionRow, LOG_COLUMNS, rows)


def _rep(row: Record) -> Rep:
    details = RepDetails(**{name: row[name] for name in DETAILS})
    return Rep(row["id"], details, row["open"], row["described"])


def _pool(row: Record) -> TeamPool:
    details = PoolDetails(row["name"], row["accept_seconds"], tuple(row["member_ids"]))
    return TeamPool(row["id"], details, row["decision_number"])
