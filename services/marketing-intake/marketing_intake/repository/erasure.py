"""What is blanked or deleted when people are forgotten, and what remains of them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from baton.database import Reader
from baton.transaction import Transaction
from marketing_intake.domain.identity import Identifier
from marketing_intake.repository.erasure_rules import RULES, By
from marketing_intake.tables import BurialRow, SuppressionRow

KIN_SQL: Final = """
with recursive kin (id) as (
  select $1::uuid
  union
  select other from kin
  join merges m on m.is_active and m.member_ids @> array[kin.id]
  cross join unnest(m.member_ids) as other
  where not exists (select from people p where p.id = kin.id and p.erased_at is not null)
)
select id from kin
"""
BLANK_SQL: Final = """
update people p set erased_at = $2, card = '{}', card_times = '{}'
from (select id, card from people where id = any ($1::uuid[]) and erased_at is null) as old
where p.id = old.id returning p.id, old.card
"""
CARDS_SQL: Final = "select card from people where id = any ($1::uuid[]) and erased_at is null"
IDENTIFIERS_SQL: Final = "select kind, value from identifiers where person_id = any ($1::uuid[])"
PAYLOADS_SQL: Final = """
select id from leads where person_id = any ($1::uuid[])
union select id from activities where person_id = any ($1::uuid[])
union select p.id from payloads p join leads l on p.status in ('refused', 'fetched')
    and p.resent_as = l.id
  where l.person_id = any ($1::uuid[])
union select id from payloads where imprints is not null and imprints && $2::bytea[]
"""
SAMPLES_SQL: Final = "select id, sample from strays where sample is not null limit $1"
BLANK_SAMPLES_SQL: Final = "update strays set sample = null where id = any ($1::uuid[])"
SAMPLES_MAX: Final = 10_000
"""Samples of what was nobody's are few: they are capped where they are kept."""
LIFT_SQL: Final = "delete from suppressions where mac = any ($1::bytea[])"
DUE_SQL: Final = """
delete from burials where person_id in (
  select person_id from burials where due_at <= $1 order by due_at limit 100
  for update skip locked)
returning person_id
"""
STANDING_SQL: Final = """
select id from people where id = any ($1::uuid[]) and erased_at is null order by id
"""
NOTHING_TWICE: Final = "on conflict do nothing"


async def kin_of(reader: Reader, person_id: str) -> list[str]:
    """The person's own id and those of everybody who is one with them now."""
    return sorted(row["id"] for row in await reader.fetch(KIN_SQL, person_id))


async def not_erased(reader: Reader, person_ids: Collection[str]) -> list[str]:
    """Those of these people who are known and were not forgotten."""
    return [row["id"] for row in await reader.fetch(STANDING_SQL, list(person_ids))]


async def identifiers_of(reader: Reader, person_ids: Sequence[str]) -> list[Identifier]:
    """By what these people are known."""
    rows = await reader.fetch(IDENTIFIERS_SQL, list(person_ids))
    return [Identifier(row["kind"], row["value"]) for row in rows]


async def payloads_of(
    reader: Reader, person_ids: Sequence[str], imprints: Sequence[bytes]
) -> list[str]:
    """Payloads of these people's leads and activities, and others that have these imprints."""
    rows = await reader.fetch(PAYLOADS_SQL, list(person_ids), list(imprints))
    return [row["id"] for row in rows]


async def blank(tx: Transaction, person_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Blank the people's own rows; returns the cards of those who were not blank before."""
    rows = await tx.fetch(BLANK_SQL, list(person_ids), tx.now)
    return {row["id"]: row["card"] for row in sorted(rows, key=lambda row: row["id"])}


async def cards_of(reader: Reader, person_ids: Sequence[str]) -> list[dict[str, Any]]:
    """What these people's cards say."""
    return [row["card"] for row in await reader.fetch(CARDS_SQL, list(person_ids))]


async def apply_rules(
    tx: Transaction, person_ids: Sequence[str], payload_ids: Sequence[str]
) -> None:
    """Blank or delete whatever else is theirs."""
    found = {By.PEOPLE: list(person_ids), By.PAYLOADS: list(payload_ids)}
    for rule in RULES:
        await tx.execute(rule.sql, found[rule.by])


async def samples(reader: Reader) -> list[tuple[str, bytes]]:
    """The kept samples of what was nobody's, by id."""
    rows = await reader.fetch(SAMPLES_SQL, SAMPLES_MAX)
    return [(row["id"], row["sample"]) for row in rows]


async def blank_samples(tx: Transaction, stray_ids: Sequence[str]) -> None:
    """Forget what these requests said."""
    if stray_ids:
        await tx.execute(BLANK_SAMPLES_SQL, list(stray_ids))


async def suppress(tx: Transaction, macs: Collection[bytes]) -> None:
    """Remember by these hashes who was forgotten."""
    rows = [(mac, tx.now) for mac in sorted(macs)]
    await tx.insert(SuppressionRow, ("mac", "since"), rows, NOTHING_TWICE)


async def lift(tx: Transaction, macs: Collection[bytes]) -> None:
    """Remember it no more."""
    await tx.execute(LIFT_SQL, sorted(macs))


async def forget_again(tx: Transaction, person_ids: Sequence[str], due_at: datetime) -> None:
    """Order the second tombstones."""
    rows = [(person_id, due_at) for person_id in person_ids]
    await tx.insert(BurialRow, ("person_id", "due_at"), rows, NOTHING_TWICE)


async def due_burials(tx: Transaction) -> list[str]:
    """Take the second tombstones that are due."""
    return [row["person_id"] for row in await tx.fetch(DUE_SQL, tx.now)]
