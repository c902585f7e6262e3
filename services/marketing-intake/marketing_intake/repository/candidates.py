"""Pairs of people who may be one, as they are kept, and how they are found by their likeness."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg

from baton.database import Reader
from baton.ids import new_id
from baton.transaction import Transaction
from marketing_intake.domain.candidates import CandidateState, Likeness, Pair
from marketing_intake.tables import CandidateRow, LikenessRow

COLUMNS: Final = ("id", "first_id", "second_id", "state", "reasons", "score", "found_at")
DECIDED_COLUMNS: Final = (*COLUMNS, "decided_at", "decided_by")
MEET_AGAIN: Final = """
on conflict (first_id, second_id) do update set state = excluded.state,
  reasons = array(select distinct unnest(candidates.reasons || excluded.reasons) order by 1)
where candidates.state in ('met', 'open')
"""
"""What was decided stays decided."""
KEEP: Final = "on conflict do nothing"
DECIDE_AGAIN: Final = """
on conflict (first_id, second_id) do update set state = excluded.state,
  decided_at = excluded.decided_at, decided_by = excluded.decided_by, merge_id = null
"""
MET_SQL: Final = """
select id, first_id, second_id, state, reasons from candidates where state = 'met'
order by id limit $1
"""
ONE_SQL: Final = "select id, first_id, second_id, state, reasons from candidates where id = $1"
STILL_SQL: Final = """
select id, first_id, second_id, state, reasons from candidates
where id = any ($1::uuid[]) and state = 'met' order by id
"""
DECIDE_SQL: Final = """
update candidates set state = $2, decided_at = $3, decided_by = $4 where id = $1
"""
MERGED_SQL: Final = """
update candidates c set state = 'merged', decided_at = $3, decided_by = $4, merge_id = $5
from unnest($1::uuid[], $2::uuid[]) as n (first_id, second_id)
where c.first_id = n.first_id and c.second_id = n.second_id
"""
LIST_SQL: Final = """
select c.id as candidate_id, c.first_id, c.second_id, c.state, c.reasons, c.score, c.found_at,
  c.decided_at, c.decided_by, c.merge_id, a.card as first_card, b.card as second_card
from candidates c left join people a on a.id = c.first_id left join people b on b.id = c.second_id
where c.state = $1 and ($2::uuid is null or c.id < $2) order by c.id desc limit $3
"""
NEW_LEADS_SQL: Final = """
select id, person_id, received_at from leads where $1::uuid is null or id > $1 order by id limit $2
"""
ALIKE_SQL: Final = """
select distinct least(m.person_id, o.person_id) as first_id,
  greatest(m.person_id, o.person_id) as second_id
from likenesses m cross join lateral (
  select l.person_id from likenesses l
  where l.likeness = m.likeness and l.person_id <> m.person_id limit $2
) o
where m.person_id = any ($1::uuid[]) and not exists (
  select 1 from candidates c where c.first_id = least(m.person_id, o.person_id)
    and c.second_id = greatest(m.person_id, o.person_id))
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair, and why it is one."""

    id: str
    pair: Pair
    state: CandidateState
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewLead:
    """A lead that was not looked at yet."""

    id: str
    person_id: str
    received_at: datetime


async def record(tx: Transaction, met: Mapping[Pair, Collection[str]]) -> None:
    """Keep who met, to be judged apart from the lead's way."""
    rows = [
        (new_id(), *pair, CandidateState.MET, sorted(reasons), None, tx.now)
        for pair, reasons in sorted(met.items())
    ]
    await tx.insert(CandidateRow, COLUMNS, rows, MEET_AGAIN)


async def propose(tx: Transaction, found: Mapping[Pair, Likeness]) -> None:
    """Keep who is alike, for somebody to look at."""
    rows = [
        (new_id(), *pair, CandidateState.OPEN, list(alike.reasons), alike.score, tx.now)
        for pair, alike in sorted(found.items())
    ]
    await tx.insert(CandidateRow, COLUMNS, rows, KEEP)


async def set_merged(tx: Transaction, pairs: Sequence[Pair], merge_id: str, *, who: str) -> None:
    """Note of those of these pairs that were candidates that they are one now."""
    first, second = [one for one, _ in pairs], [other for _, other in pairs]
    await tx.execute(MERGED_SQL, first, second, tx.now, who, merge_id)


async def keep_apart(tx: Transaction, pairs: Iterable[Pair], *, who: str) -> None:
    """Note that somebody has said of these pairs that they are two."""
    rows: list[tuple[object, ...]] = [
        (new_id(), *pair, CandidateState.DISMISSED, [], None, tx.now, tx.now, who)
        for pair in sorted(pairs)
    ]
    await tx.insert(CandidateRow, DECIDED_COLUMNS, rows, DECIDE_AGAIN)


async def decide(tx: Transaction, candidate_id: str, state: CandidateState, *, who: str) -> None:
    """Note what was decided about one."""
    await tx.execute(DECIDE_SQL, candidate_id, state, tx.now, who)


async def met(reader: Reader, limit: int) -> list[Candidate]:
    """Pairs that wait to be judged, oldest first."""
    return [_candidate(row) for row in await reader.fetch(MET_SQL, limit)]


async def still_met(reader: Reader, candidate_ids: Sequence[str]) -> list[Candidate]:
    """Those of these pairs that nobody has judged meanwhile."""
    return [_candidate(row) for row in await reader.fetch(STILL_SQL, list(candidate_ids))]


async def find(reader: Reader, candidate_id: str) -> Candidate | None:
    """One pair."""
    row = await reader.fetchrow(ONE_SQL, candidate_id)
    return None if row is None else _candidate(row)


async def listed(
    reader: Reader, *, state: CandidateState, before: object, limit: int
) -> list[dict[str, Any]]:
    """Pairs of a state with both cards, newest first."""
    return [dict(row) for row in await reader.fetch(LIST_SQL, state, before, limit)]


async def new_leads(reader: Reader, after: str | None, limit: int) -> list[NewLead]:
    """The next leads, by their ids."""
    rows = await reader.fetch(NEW_LEADS_SQL, after, limit)
    return [NewLead(row["id"], row["person_id"], row["received_at"]) for row in rows]


async def learn_likenesses(tx: Transaction, found: Mapping[str, Collection[int]]) -> None:
    """Keep what these people have in common with others."""
    rows = sorted((one, person_id) for person_id, hashes in found.items() for one in hashes)
    await tx.insert(LikenessRow, ("likeness", "person_id"), rows, KEEP)


async def alike(reader: Reader, person_ids: Sequence[str], block_max: int) -> list[Pair]:
    """Who has something in common with one of these people, and is no candidate with them yet.

    `block_max` is how many with the same thing in common are looked at: what more people share
    tells nobody apart.
    """
    rows = await reader.fetch(ALIKE_SQL, list(person_ids), block_max)
    return [(row["first_id"], row["second_id"]) for row in rows]


def _candidate(row: asyncpg.Record) -> Candidate:
    return Candidate(
        row["id"],
        (row["first_id"], row["second_id"]),
        CandidateState(row["state"]),
        tuple(row["reasons"]),
    )
