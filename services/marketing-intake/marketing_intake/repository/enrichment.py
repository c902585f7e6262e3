"""Providers, what they said, what was asked, and whom it was said of, as they are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import asyncpg

from baton.database import Reader
from baton.transaction import Transaction
from marketing_intake.domain.enrichment import PROVIDERS_MAX, Provider, ProviderKind, Trait
from marketing_intake.domain.traits import TraitValue

NAMES: Final = (
    "(select coalesce(array_agg(name order by place), '{}') from enrichment_providers) as enrichers"
)
"""What any look-up of a source brings with it, so that a lead orders what is to be asked."""
ALL_SQL: Final = f"""
select name, settings, api_key from enrichment_providers order by place limit {PROVIDERS_MAX}
"""  # noqa: S608 our own number
ONE_SQL: Final = "select name, settings, api_key from enrichment_providers where name = $1"
DELETE_SQL: Final = "delete from enrichment_providers"
INSERT_SQL: Final = """
insert into enrichment_providers (name, place, settings, api_key) values ($1, $2, $3, $4)
"""
FORGET_ANSWERS_SQL: Final = "delete from enrichment_answers where provider = any ($1::text[])"
EMAIL: Final = "email"
DUE_SQL: Final = """
select l.person_id, l.company_id, l.correlation_id, p.card ->> 'email' as email,
  array(select value from identifiers where person_id = l.person_id and kind = $3) as others,
  (select pepper from peppers where name = 'company') as pepper
from leads l join people p on p.id = l.person_id and p.erased_at is null
where l.id = $1 and l.state <> 'erased'
  and not exists (select from lead_enrichments e where e.lead_id = l.id and e.provider = $2)
"""
ANSWER_SQL: Final = """
select traits from enrichment_answers where provider = $1 and company_id = $2 and expires_at > $3
"""
KEEP_SQL: Final = """
insert into enrichment_answers (provider, company_id, traits, fetched_at, expires_at)
values ($1, $2, $3, $4, $5)
on conflict (provider, company_id)
do update set traits = $3, fetched_at = $4, expires_at = $5
"""
CLAIM_SQL: Final = """
insert into enrichment_days as d (provider, day, asked) values ($1, $2, 1)
on conflict (provider, day) do update set asked = d.asked + 1 where d.asked < $3
returning asked
"""
ASKED_SQL: Final = "select provider, asked from enrichment_days where day = $1"
ENRICH_SQL: Final = """
insert into lead_enrichments (lead_id, provider, traits, enriched_at)
select id, $2, $3, $4 from leads where id = $1 and state <> 'erased'
on conflict do nothing returning lead_id
"""
ATTRIBUTES_SQL: Final = """
update leads set attributes = $2::jsonb || coalesce(attributes, '{}') where id = $1
"""
FORGET_SQL: Final = """
delete from enrichment_answers where ctid = any (array(
  select ctid from enrichment_answers where expires_at < $1 limit $2))
"""
DAYS_KEPT: Final = timedelta(days=30)
FORGET_DAYS_SQL: Final = "delete from enrichment_days where day < $1"


@dataclass(frozen=True, slots=True)
class Due:
    """A lead that is to be enriched: whose it is, and by which addresses its person is known."""

    lead_id: str
    person_id: str
    company_id: str | None
    correlation_id: str
    emails: list[str]
    pepper: bytes


async def load_providers(reader: Reader) -> list[Provider]:
    """All providers, in the order in which they were given."""
    return [_provider(row) for row in await reader.fetch(ALL_SQL)]


async def find_provider(reader: Reader, name: str) -> Provider | None:
    """The provider of this name."""
    row = await reader.fetchrow(ONE_SQL, name)
    return None if row is None else _provider(row)


async def replace_providers(tx: Transaction, providers: Sequence[Provider]) -> None:
    """Keep these and no others. Lock first."""
    await tx.execute(DELETE_SQL)
    for place, one in enumerate(providers):
        await tx.execute(INSERT_SQL, one.name, place, settings_of(one), one.sealed)


async def forget_answers(tx: Transaction, providers: Sequence[str]) -> None:
    """Forget what these said: they are asked about something else now."""
    await tx.execute(FORGET_ANSWERS_SQL, list(providers))


async def load_due(reader: Reader, lead_id: str, provider: str) -> Due | None:
    """A lead that this provider has not enriched; None when its person was forgotten, too."""
    row = await reader.fetchrow(DUE_SQL, lead_id, provider, EMAIL)
    if row is None:
        return None
    emails = [one for one in (row["email"], *row["others"]) if one]
    return Due(
        lead_id=lead_id,
        person_id=row["person_id"],
        company_id=row["company_id"],
        correlation_id=row["correlation_id"],
        emails=emails,
        pepper=row["pepper"] or b"",
    )


async def load_answer(
    reader: Reader, provider: str, company_id: str, now: datetime
) -> dict[str, TraitValue] | None:
    """What the provider said of a company, while that is good; None when it was not asked."""
    traits: dict[str, TraitValue] | None = await reader.fetchval(
        ANSWER_SQL, provider, company_id, now
    )
    return traits


async def keep_answer(
    tx: Transaction,
    provider: str,
    company_id: str,
    traits: Mapping[str, TraitValue],
    *,
    expires_at: datetime,
) -> None:
    """Keep what the provider said of a company."""
    await tx.execute(KEEP_SQL, provider, company_id, dict(traits), tx.now, expires_at)


async def claim_question(tx: Transaction, provider: str, day: date, *, per_day: int) -> bool:
    """Count one more question of this day; False when there were as many as there may be."""
    return await tx.fetchval(CLAIM_SQL, provider, day, per_day) is not None


async def asked_on(reader: Reader, day: date) -> dict[str, int]:
    """How many questions each provider was asked on a day."""
    return {row["provider"]: row["asked"] for row in await reader.fetch(ASKED_SQL, day)}


async def insert_enrichment(
    tx: Transaction, lead_id: str, provider: str, traits: Mapping[str, TraitValue]
) -> bool:
    """Note what was said of a lead; False when that was noted before, or the lead is erased.

    Marketing's target markets know it from now on, too; what the lead itself said counts first.
    """
    if await tx.fetchval(ENRICH_SQL, lead_id, provider, dict(traits), tx.now) is None:
        return False
    known = {f"trait:{name}": value for name, value in traits.items()}
    await tx.execute(ATTRIBUTES_SQL, lead_id, known)
    return True


async def forget_old(tx: Transaction, limit: int) -> int:
    """Delete a bounded number of answers that are good no more, and counts of days long over."""
    await tx.execute(FORGET_DAYS_SQL, (tx.now - DAYS_KEPT).date())
    tag = await tx.execute(FORGET_SQL, tx.now, limit)
    return int(tag.rsplit(" ", 1)[1])


def settings_of(provider: Provider) -> dict[str, Any]:
    """What a provider is configured with, without its key."""
    return {
        "kind": provider.kind,
        "url": provider.url,
        "fields": {trait.value: place for trait, place in provider.fields.items()},
        "seconds": provider.seconds,
        "per_day": provider.per_day,
        "kept_days": provider.kept_days,
    }


def _provider(row: asyncpg.Record) -> Provider:
    kept = row["settings"]
    return Provider(
        name=row["name"],
        kind=ProviderKind(kept["kind"]),
        fields={Trait(name): place for name, place in kept["fields"].items()},
        url=kept["url"],
        seconds=kept["seconds"],
        per_day=kept["per_day"],
        kept_days=kept["kept_days"],
        sealed=row["api_key"],
    )
