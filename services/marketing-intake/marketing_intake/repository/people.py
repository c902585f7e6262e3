"""People as they are kept: merges, consent, erasure."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from baton.database import Reader
from baton.transaction import Transaction
from marketing_intake.domain.card import KeptCard
from marketing_intake.domain.merging import Merge

MERGES_SQL: Final = """
select m.id, m.survivor_id, array(
  select p.id from people p where p.id = any (m.member_ids) and p.erased_at is null
) as member_ids
from merges m where m.is_active and m.member_ids && array(
  select k.person_id from kin k
  where k.kin_id in (select kin_id from kin where person_id = any ($1::uuid[])))
order by m.id
"""
"""Who was erased is nobody's kin any more."""
CARDS_SQL: Final = """
select id, created_at, card, card_times from people
where id = any ($1::uuid[]) and erased_at is null order by id
"""
NUMBERS_SQL: Final = """
select count(*) as leads, min(happened_at) as first_lead_at, max(happened_at) as last_lead_at,
  (select count(*) from activities where person_id = any ($1::uuid[])) as activities,
  (select count(*) from candidates
   where state = 'open' and (first_id = any ($1::uuid[]) or second_id = any ($1::uuid[]))
  ) as candidates
from leads where person_id = any ($1::uuid[])
"""
JOIN_SQL: Final = """
insert into kin (person_id, kin_id) select unnest($1::uuid[]), $2::uuid
on conflict (person_id) do update set kin_id = excluded.kin_id
"""
PART_SQL: Final = "delete from kin where person_id = any ($1::uuid[])"
NEXT_SQL: Final = "select id from people where id > $1 order by id limit $2"
MERGE_SQL: Final = """
insert into merges (id, member_ids, survivor_id, version, is_active, created_at)
values ($1, $2, $3, 1, true, $4)
"""
MEMBERS_SQL: Final = "select member_ids from merges where id = $1 and is_active"
UNMERGE_SQL: Final = """
update merges set is_active = false, version = version + 1
where id = $1 and is_active returning version
"""
CONSENT_SQL: Final = """
update people p set consent = $2, consent_version = p.consent_version + 1
from (select id, consent from people where id = $1) as old
where p.id = old.id and p.erased_at is null
returning p.consent_version, old.consent
"""
HELD_SQL: Final = "select consent from people where id = $1 and erased_at is null"
ERASE_SQL: Final = (
    "update people set erased_at = $2, card = '{}', card_times = '{}'"
    " where id = $1 and erased_at is null returning id",
    "delete from identifiers where person_id = $1",
    "delete from likenesses where person_id = $1",
    "delete from candidates where first_id = $1 or second_id = $1",
    "update payloads set body = null, headers = null"
    " where id in (select id from leads where person_id = $1)",
    "update payloads set body = null, headers = null where status in ('refused', 'fetched')"
    " and resent_as in (select id from leads where person_id = $1)",
    "update opt_ins set draft = null where lead_id in (select id from leads where person_id = $1)",
    "update retractions set reason = null where person_id = $1",
    "update leads set state = 'erased', details = null where person_id = $1",
)
ANSWERS_SQL: Final = """
delete from idempotency i using leads l
where l.person_id = $1 and i.source_id = l.source_id and i.created_at >= l.received_at
  and convert_from(i.body, 'UTF8')::jsonb ->> 'lead_id' = l.id::text
"""
BURIAL_SQL: Final = """
insert into burials (person_id, due_at) values ($1, $2) on conflict (person_id) do nothing
"""
DUE_SQL: Final = """
delete from burials where person_id in (
  select person_id from burials where due_at <= $1 order by due_at limit 100
  for update skip locked)
returning person_id
"""


async def load_merges(reader: Reader, person_ids: Collection[str]) -> list[Merge]:
    """The merges in force that make these people one with anybody, directly or by a chain."""
    return [
        Merge(row["id"], row["survivor_id"], frozenset(row["member_ids"]))
        for row in await reader.fetch(MERGES_SQL, list(person_ids))
    ]


async def load_cards(reader: Reader, person_ids: Collection[str]) -> list[KeptCard]:
    """The cards of these people, by id; who is unknown or forgotten has none."""
    return [
        KeptCard(
            person_id=row["id"],
            created_at=row["created_at"],
            card=row["card"],
            times={
                name: datetime.fromisoformat(moment) for name, moment in row["card_times"].items()
            },
        )
        for row in await reader.fetch(CARDS_SQL, list(person_ids))
    ]


async def numbers(reader: Reader, person_ids: Collection[str]) -> dict[str, Any]:
    """How much there is of these people together: leads, activities, open candidates."""
    row = await reader.fetchrow(NUMBERS_SQL, list(person_ids))
    assert row is not None
    return dict(row)


async def next_people(reader: Reader, after: str, limit: int) -> list[str]:
    """The next people's ids, in order."""
    return [row["id"] for row in await reader.fetch(NEXT_SQL, after, limit)]


async def join_kin(tx: Transaction, person_ids: Collection[str], kin_id: str) -> None:
    """Note that these people, and whoever they were one with, go under one id."""
    await tx.execute(JOIN_SQL, sorted(person_ids), kin_id)


async def part_kin(tx: Transaction, person_ids: Collection[str]) -> None:
    """Note that these people are one with nobody."""
    await tx.execute(PART_SQL, sorted(person_ids))


async def insert_merge(tx: Transaction, merge_id: str, members: Sequence[str]) -> None:
    """Keep a merge; the first member speaks for all."""
    await tx.execute(MERGE_SQL, merge_id, list(members), members[0], tx.now)


async def members_of(reader: Reader, merge_id: str) -> list[str]:
    """The members of a merge in force."""
    members: list[str] | None = await reader.fetchval(MEMBERS_SQL, merge_id)
    return members or []


async def end_merge(tx: Transaction, merge_id: str) -> int | None:
    """End a merge; returns its new version, None when it was ended before."""
    version: int | None = await tx.fetchval(UNMERGE_SQL, merge_id)
    return version


async def consent_of(reader: Reader, person_id: str) -> frozenset[str]:
    """What a person allows, by what was last said of it."""
    row = await reader.fetchval(HELD_SQL, person_id)
    return frozenset(row or ())


async def set_consent(
    tx: Transaction, person_id: str, granted: Sequence[str]
) -> tuple[int, list[str] | None] | None:
    """Keep what a person allows; returns the version and what held before."""
    row = await tx.fetchrow(CONSENT_SQL, person_id, list(granted))
    return None if row is None else (row["consent_version"], row["consent"])


async def erase(tx: Transaction, person_id: str) -> bool:
    """Blank or delete everything that is the person's; says whether there was anybody."""
    first, *others = ERASE_SQL
    if await tx.fetchval(first, person_id, tx.now) is None:
        return False
    await tx.execute(ANSWERS_SQL, person_id)
    for sql in others:
        await tx.execute(sql, person_id)
    return True


async def forget_again(tx: Transaction, person_id: str, due_at: datetime) -> None:
    """Order the second tombstone."""
    await tx.execute(BURIAL_SQL, person_id, due_at)


async def due_burials(tx: Transaction) -> list[str]:
    """Take the second tombstones that are due."""
    return [row["person_id"] for row in await tx.fetch(DUE_SQL, tx.now)]
