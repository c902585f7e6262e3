"""People: contact cards, consents, erasures, and the overlay that says who is one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from baton.contracts.marketing import ContactCard
from baton.database import Reader
from baton.transaction import Transaction
from sales_routing.domain.people import Merge, Person
from sales_routing.tables import MergeMemberRow, PersonRow

MERGES_SQL: Final = """
with recursive kin (person_id) as (
  select unnest($1::uuid[])
  union
  select other.person_id from kin
  join merge_members mine using (person_id)
  join merge_members other on other.merge_id = mine.merge_id
)
select merge_id, max(version) as version, bool_or(is_active) as is_active,
  array_agg(person_id) as all_ids, array_agg(person_id) filter (where is_active) as active_ids
from merge_members
where merge_id in (select merge_id from merge_members join kin using (person_id))
  or merge_id = any ($2::uuid[])
group by merge_id
"""
PEOPLE_SQL: Final = """
select person_id, card_version is not null as has_card, consent_version, refused_at,
  erased_at is not null as is_erased
from people where person_id = any ($1::uuid[])
"""
CARD_FIELDS: Final = (
    "given_name",
    "family_name",
    "email",
    "phone",
    "company",
    "job_title",
    "country",
    "message",
    "page_url",
    "external_ids",
)
CARD_COLUMNS: Final = ("person_id", "card_version", *CARD_FIELDS)
CARD_SUFFIX: Final = f"""
on conflict (person_id) do update set card_version = excluded.card_version,
  {", ".join(f"{name} = excluded.{name}" for name in CARD_FIELDS)}
where people.erased_at is null
  and (people.card_version is null or people.card_version < excluded.card_version)
"""
CONSENT_SUFFIX: Final = """
on conflict (person_id) do update
set consent_version = excluded.consent_version, refused_at = excluded.refused_at
where people.consent_version < excluded.consent_version
"""
BLANK: Final = ", ".join(f"{name} = null" for name in CARD_FIELDS)
FORGET_CARDS_SQL: Final = f"update people set {BLANK} where person_id = any ($1::uuid[])"  # noqa: S608 our own columns
ERASE_SUFFIX: Final = (
    f"on conflict (person_id) do update set erased_at = excluded.erased_at, {BLANK}"
)
SWITCH_OFF_SQL: Final = """
update merge_members set is_active = false where merge_id = any ($1::uuid[]) and is_active
"""
MERGE_SUFFIX: Final = """
on conflict (merge_id, person_id) do update
set version = excluded.version, is_active = excluded.is_active
"""


async def load_merges(
    reader: Reader, person_ids: Iterable[str], merge_ids: Iterable[str] = ()
) -> dict[str, Merge]:
    """All merges, taken back or not, that touch these people or their kin, by id."""
    rows = await reader.fetch(MERGES_SQL, list(person_ids), list(merge_ids))
    return {
        row["merge_id"]: Merge(
            row["merge_id"],
            row["version"],
            row["is_active"],
            frozenset(row["active_ids"] or row["all_ids"]),
        )
        for row in rows
    }


async def load_people(reader: Reader, person_ids: Iterable[str]) -> dict[str, Person]:
    """What was heard of these people, by id; who was never heard of is missing."""
    rows = await reader.fetch(PEOPLE_SQL, list(person_ids))
    return {
        row["person_id"]: Person(
            id=row["person_id"],
            has_card=row["has_card"],
            consent_version=row["consent_version"],
            refused_at=row["refused_at"],
            is_erased=row["is_erased"],
        )
        for row in rows
    }


async def save_cards(tx: Transaction, cards: Iterable[ContactCard]) -> None:
    """Keep the cards that are newer than what is known; at most one per person."""
    rows = [
        (card.person_id, card.version, *(getattr(card, name) for name in CARD_FIELDS))
        for card in cards
    ]
    await tx.insert(PersonRow, CARD_COLUMNS, rows, CARD_SUFFIX)


async def forget_cards(tx: Transaction, person_ids: Sequence[str]) -> None:
    """Blank what names or reaches these people; a late card of an old version stays out."""
    if person_ids:
        await tx.execute(FORGET_CARDS_SQL, person_ids)


async def save_consents(tx: Transaction, people: Iterable[Person]) -> None:
    """Keep the latest consents."""
    rows = [(one.id, one.consent_version, one.refused_at) for one in people]
    columns = ("person_id", "consent_version", "refused_at")
    await tx.insert(PersonRow, columns, rows, CONSENT_SUFFIX)


async def save_erasures(tx: Transaction, person_ids: Iterable[str], at: datetime) -> None:
    """Blank these people and remember that they are forgotten."""
    rows = [(person_id, at) for person_id in person_ids]
    await tx.insert(PersonRow, ("person_id", "erased_at"), rows, ERASE_SUFFIX)


async def save_merges(tx: Transaction, merges: Sequence[Merge]) -> None:
    """Keep what holds of each merge now; who was a member and is none any more is switched off."""
    if merges:
        await tx.execute(SWITCH_OFF_SQL, [merge.id for merge in merges])
    rows = [
        (merge.id, person_id, merge.version, merge.is_active)
        for merge in merges
        for person_id in sorted(merge.member_ids)
    ]
    columns = ("merge_id", "person_id", "version", "is_active")
    await tx.insert(MergeMemberRow, columns, rows, MERGE_SUFFIX)
