"""Publications: which version held from when on, and how far the re-scoring after each is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from asyncpg import Record

from baton.database import Reader
from baton.transaction import Origin, Transaction
from lead_scoring.tables import PublicationRow

COLUMNS: Final = (
    *("number", "version", "is_rollback", "published_at", "published_by"),
    *("correlation_id", "traceparent", "people", "people_total", "said"),
)
NAMES: Final = """
number, version, is_rollback, published_at, published_by, correlation_id, traceparent, position,
people, people_total, said, started_at, ended_at
"""
HELD: Final = "number = (select max(number) from publications)"

NEXT_SQL: Final = "select coalesce(max(number), 0) + 1 from publications"
NEWEST_VERSION_SQL: Final = "select max(version) from publications"
NOW_SQL: Final = "select publication from active_policy where id = 1"
LATEST_SQL: Final = f"select {NAMES} from publications where {HELD}"  # noqa: S608 our own words
OF_VERSION_SQL: Final = f"""
select {NAMES} from publications where version = $1 order by number desc limit 1
"""  # noqa: S608 our own words
PAGE_SQL: Final = f"""
select {NAMES} from publications where number < $1 order by number desc limit $2
"""  # noqa: S608 our own words
# Whoever works on it has its row: when they die, the next one has it at once. An older one that
# is not done stays where it is: everybody is looked at again because of the newer one.
TAKE_SQL: Final = f"""
select {NAMES} from publications where {HELD} and ended_at is null for update skip locked
"""  # noqa: S608 our own words
MOVE_SQL: Final = """
update publications set position = coalesce($2, position), people = people + $3,
  said = said + $4, people_total = greatest($5, people + $3),
  started_at = coalesce(started_at, $6), ended_at = $7
where number = $1
"""
# Marketing has a nurtured lead, sales one that it has not said an outcome of.
OPEN: Final = """
not f.is_test and (l.state = 'nurtured' or (
  l.state = 'qualified' and not exists (select from outcome_leads o where o.lead_id = f.lead_id)
))
"""
PEOPLE_SQL: Final = f"""
select distinct f.person_id from facts f join leads l on l.lead_id = f.lead_id
where f.person_id > $1 and {OPEN} order by f.person_id limit $2
"""  # noqa: S608 our own words
AMONG_SQL: Final = f"""
select distinct f.person_id from facts f join leads l on l.lead_id = f.lead_id
where f.person_id = any ($1::uuid[]) and {OPEN}
"""  # noqa: S608 our own words
COUNT_SQL: Final = f"""
select count(distinct f.person_id) from facts f join leads l on l.lead_id = f.lead_id where {OPEN}
"""  # noqa: S608 our own words


@dataclass(frozen=True, slots=True)
class Publication:
    """A version began to hold; all open people up to `position` are looked at since then."""

    number: int
    version: int
    is_rollback: bool
    published_at: datetime
    published_by: str
    origin: Origin
    position: str | None
    people: int
    people_total: int
    said: int
    started_at: datetime | None
    ended_at: datetime | None


class Stage(StrEnum):
    """Where the re-scoring after a publication is."""

    RUNNING = "running"
    ENDED = "ended"
    REPLACED = "replaced"
    """Another version was published before it was done."""


@dataclass(frozen=True, slots=True)
class Step:
    """How much further a re-scoring is: up to whom, how many people, for how many it was said."""

    position: str | None
    people: int
    said: int


async def add(tx: Transaction, version: int, *, who: str, origin: Origin, is_rollback: bool) -> int:
    """A version holds from now on; returns the publication's number. Call it under the lock of
    policies.
    """
    number: int = await tx.fetchval(NEXT_SQL)
    cause = (origin.correlation_id, origin.traceparent)
    row = (number, version, is_rollback, tx.now, who, *cause, 0, 0, 0)
    await tx.insert(PublicationRow, COLUMNS, [row])
    return number


async def newest_version(reader: Reader) -> int | None:
    """The newest version that ever held."""
    version: int | None = await reader.fetchval(NEWEST_VERSION_SQL)
    return version


async def holding(reader: Reader) -> int | None:
    """The publication that decisions are made under; in a transaction that shares the policy, it
    holds until that transaction ends.
    """
    number: int | None = await reader.fetchval(NOW_SQL)
    return number


async def latest(reader: Reader) -> Publication | None:
    """The newest one."""
    return _one(await reader.fetchrow(LATEST_SQL))


async def of_version(reader: Reader, version: int) -> Publication | None:
    """The newest one of a version."""
    return _one(await reader.fetchrow(OF_VERSION_SQL, version))


async def page(reader: Reader, *, before: int, limit: int) -> list[Publication]:
    """Those with lower numbers, newest first."""
    return [_publication(row) for row in await reader.fetch(PAGE_SQL, before, limit)]


async def take(tx: Transaction) -> Publication | None:
    """The newest, locked until this transaction ends; None when it is done or another's."""
    return _one(await tx.fetchrow(TAKE_SQL))


async def move(tx: Transaction, known: Publication, step: Step, *, is_over: bool) -> None:
    """A re-scoring is further by a step."""
    total = known.people_total or await count_open(tx)
    ended_at = tx.now if is_over else None
    counts = (step.people, step.said, total)
    await tx.execute(MOVE_SQL, known.number, step.position, *counts, tx.now, ended_at)


async def open_people(reader: Reader, *, after: str, limit: int) -> Sequence[str]:
    """Ids behind one under which people have leads that may still move, in order."""
    return [row["person_id"] for row in await reader.fetch(PEOPLE_SQL, after, limit)]


async def open_among(reader: Reader, person_ids: Sequence[str]) -> set[str]:
    """Those of these ids."""
    return {row["person_id"] for row in await reader.fetch(AMONG_SQL, person_ids)}


async def count_open(reader: Reader) -> int:
    """How many of these ids there are."""
    found: int = await reader.fetchval(COUNT_SQL)
    return found


def stage_of(one: Publication, newest: int | None) -> Stage:
    """Where the re-scoring is; `newest` is the publication that holds."""
    if one.ended_at is not None:
        return Stage.ENDED
    return Stage.RUNNING if one.number == newest else Stage.REPLACED


def _one(row: Record | None) -> Publication | None:
    return None if row is None else _publication(row)


def _publication(row: Record) -> Publication:
    values = dict(row)
    origin = Origin(values.pop("correlation_id"), values.pop("traceparent"))
    return Publication(**values, origin=origin)
