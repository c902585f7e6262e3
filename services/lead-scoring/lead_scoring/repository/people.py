"""People as scoring knows them: who is one with whom, what they allow, who is forgotten."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from baton.database import Reader
from baton.transaction import Transaction
from lead_scoring.domain.people import ConsentChange, Erasure, Merge
from lead_scoring.tables import ConsentRow, ErasureRow, MergeMemberRow, MergeRow

CONSENT_COLUMNS: Final = ("event_id", "person_id", "version", "grants_contact", "happened_at")
ERASURE_COLUMNS: Final = ("person_id", "event_id", "erased_at")
MERGE_COLUMNS: Final = ("id", "version", "is_active")
MEMBER_COLUMNS: Final = ("merge_id", "person_id")
KEEP: Final = "on conflict do nothing"
KEEP_NEWER: Final = """
on conflict (id) do update set version = excluded.version, is_active = excluded.is_active
where merges.version < excluded.version
"""

# Most people in a batch are new, and one look at all that there could be is cheaper than seven.
KNOWN_SQL: Final = """
select p.id from unnest($1::uuid[]) as p (id)
where exists (select from facts f where f.person_id = p.id)
  or exists (select from activities a where a.person_id = p.id)
  or exists (select from enrichments e where e.person_id = p.id)
  or exists (select from consents c where c.person_id = p.id)
  or exists (select from merge_members m where m.person_id = p.id)
  or exists (select from erasures x where x.person_id = p.id)
"""
MERGES_SQL: Final = """
select m.id, m.version, m.is_active, array_agg(p.person_id::text) as member_ids
from merges m join merge_members p on p.merge_id = m.id
where m.id in (select merge_id from merge_members where person_id = any ($1::uuid[]))
  or m.id = any ($2::uuid[])
group by m.id
"""
# Versions order what was said under one id, so the others need not be looked at.
CONSENTS_SQL: Final = """
select distinct on (person_id) event_id, person_id, version, grants_contact, happened_at
from consents where person_id = any ($1::uuid[])
order by person_id, version desc, event_id desc
"""
ERASURES_SQL: Final = "select event_id, person_id from erasures where person_id = any ($1::uuid[])"
CONSENTS_BY_ID_SQL: Final = """
select event_id, person_id, version, grants_contact, happened_at
from consents where event_id = any ($1::uuid[])
"""
ERASURES_BY_ID_SQL: Final = """
select event_id, person_id from erasures where event_id = any ($1::uuid[])
"""


@dataclass(slots=True)
class People:
    """What is known of some people."""

    merges: dict[str, Merge] = field(default_factory=dict)
    consents: dict[str, list[ConsentChange]] = field(default_factory=dict)
    erasures: dict[str, Erasure] = field(default_factory=dict)


async def known_among(reader: Reader, person_ids: Iterable[str]) -> list[str]:
    """Those of these people of whom anything is known."""
    return [row["id"] for row in await reader.fetch(KNOWN_SQL, list(person_ids))]


async def load_merges(
    reader: Reader, person_ids: Iterable[str], merge_ids: Iterable[str] = ()
) -> dict[str, Merge]:
    """The merges that these people are or were in, and these merges."""
    rows = await reader.fetch(MERGES_SQL, list(person_ids), list(merge_ids))
    return {
        row["id"]: Merge(row["id"], row["version"], row["is_active"], frozenset(row["member_ids"]))
        for row in rows
    }


async def load_words(reader: Reader, people: People, person_ids: Sequence[str]) -> None:
    """Add what these people allow and whether they are forgotten."""
    for row in await reader.fetch(CONSENTS_SQL, person_ids):
        people.consents.setdefault(row["person_id"], []).append(ConsentChange(**dict(row)))
    for row in await reader.fetch(ERASURES_SQL, person_ids):
        people.erasures[row["person_id"]] = Erasure(**dict(row))


async def consents_by_id(reader: Reader, event_ids: Sequence[str]) -> dict[str, ConsentChange]:
    """Consent changes by the events that said them."""
    rows = await reader.fetch(CONSENTS_BY_ID_SQL, event_ids)
    return {row["event_id"]: ConsentChange(**dict(row)) for row in rows}


async def erasures_by_id(reader: Reader, event_ids: Sequence[str]) -> dict[str, Erasure]:
    """Erasures by the events that said them."""
    rows = await reader.fetch(ERASURES_BY_ID_SQL, event_ids)
    return {row["event_id"]: Erasure(**dict(row)) for row in rows}


async def save_consents(tx: Transaction, changes: Sequence[ConsentChange]) -> None:
    """Keep what was said about consent."""
    rows = [
        (one.event_id, one.person_id, one.version, one.grants_contact, one.happened_at)
        for one in changes
    ]
    await tx.insert(ConsentRow, CONSENT_COLUMNS, rows, KEEP)


async def save_erasures(tx: Transaction, erasures: Sequence[Erasure]) -> None:
    """Keep who is to be forgotten; the first word about somebody stays."""
    rows = [(one.person_id, one.event_id, tx.now) for one in erasures]
    await tx.insert(ErasureRow, ERASURE_COLUMNS, rows, KEEP)


async def save_merges(tx: Transaction, merges: Sequence[Merge]) -> None:
    """Keep the newest word about each merge."""
    await tx.insert(
        MergeRow,
        MERGE_COLUMNS,
        [(one.id, one.version, one.is_active) for one in merges],
        KEEP_NEWER,
    )
    members = [(one.id, person_id) for one in merges for person_id in sorted(one.member_ids)]
    await tx.insert(MergeMemberRow, MEMBER_COLUMNS, members, KEEP)
