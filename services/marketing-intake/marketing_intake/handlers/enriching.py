"""Enrichment: ordered with a lead, said after it; a lead never waits for it.

Who is asked is configured for the whole installation. A work row holds the lead's id and the
provider's name; the provider is told a company's domain and nothing of a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from baton.contracts.marketing import LeadEnriched
from baton.transaction import Origin, Transaction
from marketing_intake.domain.draft import LeadDraft
from marketing_intake.domain.enrichment import Provider
from marketing_intake.domain.traits import TraitValue
from marketing_intake.repository import enrichment
from marketing_intake.repository.enrichment import Due

ENRICH_LEAD: Final = "enrich-lead"
"""The kind of work that asks a provider about a lead's company."""
ALL_PROVIDERS: Final = "enrichment-providers"
"""The lock of whoever changes them."""


def order(draft: LeadDraft, lead_id: str, tx: Transaction) -> None:
    """Order that each provider be asked about this lead's company; each in a lane of its own."""
    for provider in draft.enrichers:
        lane = f"{ENRICH_LEAD}:{provider}"
        tx.schedule_work(ENRICH_LEAD, {"lead_id": lead_id, "provider": provider, "lane": lane})


async def say(due: Due, provider: str, traits: Mapping[str, TraitValue], tx: Transaction) -> bool:
    """Say what a provider knows of a lead's company; False when there is nothing new to say."""
    if not traits:
        return False
    await tx.lock_people([due.person_id])
    if not await enrichment.insert_enrichment(tx, due.lead_id, provider, traits):
        return False
    fact = LeadEnriched(
        lead_id=due.lead_id,
        person_id=due.person_id,
        provider=provider,
        traits=dict(traits),
        company_id=due.company_id,
    )
    tx.publish(fact, key=due.person_id, subject=due.lead_id, cause=Origin(due.correlation_id))
    return True


async def keep(
    provider: Provider, company_id: str, traits: Mapping[str, TraitValue], tx: Transaction
) -> None:
    """Keep what a provider said of a company, so that it is not asked about it again soon."""
    expires_at = tx.now + timedelta(days=provider.kept_days)
    await enrichment.keep_answer(tx, provider.name, company_id, traits, expires_at=expires_at)


async def put_providers(
    providers: Sequence[Provider], kept_keys: frozenset[str], tx: Transaction, *, who: str
) -> list[Provider]:
    """Ask these from now on, and nobody else; those named in `kept_keys` keep the key they have.

    What somebody has said is forgotten when they are asked otherwise now.
    """
    await tx.lock_people([ALL_PROVIDERS])
    old = {one.name: one for one in await enrichment.load_providers(tx)}
    new = [
        replace(one, sealed=old[one.name].sealed) if one.name in kept_keys & old.keys() else one
        for one in providers
    ]
    await enrichment.replace_providers(tx, new)
    asked_otherwise = [one.name for one in new if one.name in old and _differ(old[one.name], one)]
    gone = [name for name in old if name not in {one.name for one in new}]
    await enrichment.forget_answers(tx, [*asked_otherwise, *gone])
    tx.audit(
        who=who, what="enrichment providers changed", subject="enrichment",
        old=[_told(one) for one in old.values()], new=[_told(one) for one in new],
    )  # fmt: skip
    return new


def _differ(old: Provider, new: Provider) -> bool:
    return (old.kind, old.url, dict(old.fields)) != (new.kind, new.url, dict(new.fields))


def _told(provider: Provider) -> dict[str, object]:
    """What the audit says of a provider; of its key only whether there is one."""
    told = enrichment.settings_of(provider)
    return {"name": provider.name, **told, "has_api_key": provider.sealed is not None}
