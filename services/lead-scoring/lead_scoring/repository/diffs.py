"""Diffs: ordered, worked on one page after another, kept until newer ones push them out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from asyncpg import Record

from baton.database import Reader
from baton.ids import new_id
from baton.transaction import Transaction
from lead_scoring.domain.diff_counts import Count
from lead_scoring.domain.diffing import Change, Compared, Period, Side
from lead_scoring.tables import DiffAmountRow, DiffCountRow, DiffPersonRow, DiffRow

COLUMNS: Final = (
    *("id", "version", "against", "since", "until", "status"),
    *("people", "people_total", "created_at", "created_by"),
)
COUNT_COLUMNS: Final = ("diff_id", "source_id", "side", "people", "won")
AMOUNT_COLUMNS: Final = ("diff_id", "source_id", "side", "currency", "amount")
PERSON_COLUMNS: Final = (
    *("diff_id", "person_id", "side", "source_id", "decided_at"),
    *("points_before", "points_after", "won", "reasons"),
)
ADD_COUNTS: Final = """
on conflict (diff_id, source_id, side) do update
set people = diff_counts.people + excluded.people, won = diff_counts.won + excluded.won
"""
ADD_AMOUNTS: Final = """
on conflict (diff_id, source_id, side, currency) do update
set amount = diff_amounts.amount + excluded.amount
"""
SHOWN: Final = """
id, version, against, since, until, status, position, people, people_total, created_at,
created_by, started_at, ended_at
"""

OPEN: Final = "status in ('waiting', 'running')"
LOCK_SQL: Final = "select pg_advisory_xact_lock($1)"
LOCK: Final = 0x0BA7_5C03
"""The advisory lock under which diffs are ordered, so that the limit holds."""
OPEN_SQL: Final = f"select {SHOWN} from diffs where {OPEN}"  # noqa: S608 our own words
# Whoever works on a diff has its row: when they die, the next one has it at once.
TAKE_SQL: Final = f"""
select {SHOWN} from diffs where {OPEN} order by created_at, id limit 1 for update skip locked
"""  # noqa: S608 our own words
BEGIN_SQL: Final = """
update diffs set status = 'running', started_at = $2, people_total = $3 where id = $1
"""
MOVE_SQL: Final = """
update diffs set position = $2, people = people + $3,
  people_total = greatest(people_total, people + $3)
where id = $1
"""
END_SQL: Final = f"""
update diffs set status = $2, ended_at = $3 where id = $1 and {OPEN} returning id
"""  # noqa: S608 our own words
FIND_SQL: Final = f"select {SHOWN} from diffs where id = $1"  # noqa: S608 our own words
OF_VERSION_SQL: Final = f"""
select {SHOWN} from diffs where version = $1 order by created_at desc, id desc limit $2
"""  # noqa: S608 our own words
OLD_SQL: Final = f"""
select id from diffs where not ({OPEN}) order by created_at desc, id desc offset $1
"""  # noqa: S608 our own words
FORGET_SQL: Final = tuple(
    f"delete from {table} where {column} = any ($1::uuid[])"  # noqa: S608 our own names
    for table, column in (
        ("diff_people", "diff_id"),
        ("diff_amounts", "diff_id"),
        ("diff_counts", "diff_id"),
        ("diffs", "id"),
    )
)


class DiffStatus(StrEnum):
    """How far a diff is."""

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Diff:
    """A diff as it is stored; all people up to `position` are compared."""

    id: str
    version: int
    against: int
    period: Period
    status: DiffStatus
    position: str | None
    people: int
    people_total: int
    created_at: datetime
    created_by: str
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody who is on another side, with why and how many deals were won with them."""

    compared: Compared
    changes: Sequence[Change]
    won: int


async def lock(tx: Transaction) -> None:
    """Let nobody else order one until this transaction ends."""
    await tx.execute(LOCK_SQL, LOCK)


async def open_ones(reader: Reader) -> list[Diff]:
    """Those that are not over."""
    return [diff_of(row) for row in await reader.fetch(OPEN_SQL)]


async def add(tx: Transaction, versions: tuple[int, int], period: Period, *, who: str) -> str:
    """Order a version to be compared with another one; returns its id."""
    diff_id = new_id()
    times = (period.since, period.until)
    row = (diff_id, *versions, *times, DiffStatus.WAITING, 0, 0, tx.now, who)
    await tx.insert(DiffRow, COLUMNS, [row])
    return diff_id


async def take(tx: Transaction) -> Diff | None:
    """The diff whose turn it is, locked until this transaction ends; None when others have all."""
    row = await tx.fetchrow(TAKE_SQL)
    return None if row is None else diff_of(row)


async def begin(tx: Transaction, diff_id: str, people_total: int) -> None:
    """It is worked on from now on, over so many people."""
    await tx.execute(BEGIN_SQL, diff_id, tx.now, people_total)


async def move(tx: Transaction, diff_id: str, *, position: str, people: int) -> None:
    """So many more people, up to a position, are compared."""
    await tx.execute(MOVE_SQL, diff_id, position, people)


async def end(tx: Transaction, diff_id: str, status: DiffStatus) -> bool:
    """It is over; says whether it was not before."""
    return await tx.fetchval(END_SQL, diff_id, status.value, tx.now) is not None


async def find(reader: Reader, diff_id: str) -> Diff | None:
    """One diff."""
    row = await reader.fetchrow(FIND_SQL, diff_id)
    return None if row is None else diff_of(row)


async def of_version(reader: Reader, version: int, *, limit: int) -> list[Diff]:
    """A version's diffs, the latest first."""
    return [diff_of(row) for row in await reader.fetch(OF_VERSION_SQL, version, limit)]


async def forget_old(tx: Transaction, *, kept_max: int) -> None:
    """Forget those that are over but for the newest."""
    old = [row["id"] for row in await tx.fetch(OLD_SQL, kept_max)]
    if old:
        for sql in FORGET_SQL:
            await tx.execute(sql, old)


async def save(
    tx: Transaction,
    diff_id: str,
    counts: Mapping[tuple[str, Side], Count],
    changed: Iterable[Changed],
) -> None:
    """Add what a page has brought."""
    rows = [(diff_id, *key, one.people, one.won) for key, one in sorted(counts.items())]
    await tx.insert(DiffCountRow, COUNT_COLUMNS, rows, ADD_COUNTS)
    amounts = [
        (diff_id, *key, currency, amount)
        for key, one in sorted(counts.items())
        for currency, amount in sorted(one.amounts.items())
    ]
    await tx.insert(DiffAmountRow, AMOUNT_COLUMNS, amounts, ADD_AMOUNTS)
    await tx.insert(DiffPersonRow, PERSON_COLUMNS, [_person(diff_id, one) for one in changed])


def diff_of(row: Record) -> Diff:
    """The diff in a row."""
    values = dict(row)
    period = Period(values.pop("since"), values.pop("until"))
    status = DiffStatus(values.pop("status"))
    return Diff(**values, period=period, status=status)


def _person(diff_id: str, changed: Changed) -> tuple[object, ...]:
    compared = changed.compared
    return (
        diff_id,
        compared.person_id,
        compared.side,
        compared.source_id,
        compared.decided_at,
        compared.before.points,
        compared.after.points,
        changed.won,
        [(one.rule, one.before, one.after) for one in changed.changes],
    )
