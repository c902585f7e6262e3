"""Enriching leads: what is known of their company is asked for outside, and said when it is there.

Nobody waits for a provider: the lead has been said, each provider has a lane of its own, and one
that is not well, or has had its day's questions, is left alone.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from baton.errors import Unavailable
from baton.transactions import Transactions
from baton.vault import vault_of
from baton.work import Effect, Later
from marketing_intake import metrics
from marketing_intake.domain.breaker import CLOSED, Breaker
from marketing_intake.domain.enrichment import Provider, ProviderKind, domain_of
from marketing_intake.domain.traits import TraitValue
from marketing_intake.handlers import enriching
from marketing_intake.repository import enrichment
from marketing_intake.settings import IntakeSettings
from marketing_intake.work.asking import patience_of
from marketing_intake.work.companies import CompanyFile, CompanyService, traits_in

Traits = Mapping[str, TraitValue]


class Enrichments:
    """Enriches the leads of one installation; how its providers fare is known to this process."""

    def __init__(self, transactions: Transactions, settings: IntakeSettings) -> None:
        self._transactions = transactions
        self._file = CompanyFile(settings.enrichment_file)
        self._service = CompanyService(vault_of(settings))
        self._breakers: dict[str, Breaker] = {}

    @property
    def effect(self) -> Effect:
        """How this work is done; of what is given up nothing is left but a count."""
        return Effect(self.enrich, self.give_up)

    async def enrich(self, payload: dict[str, Any]) -> None:
        """Ask a provider about a lead's company. Raises `Later`, and `Unavailable`: try again."""
        lead_id, name = payload["lead_id"], payload["provider"]
        async with self._transactions.read() as reader:
            provider = await enrichment.find_provider(reader, name)
            due = await enrichment.load_due(reader, lead_id, name)
        domain = None if due is None else domain_of(due.emails, due.company_id, due.pepper)
        if provider is None or due is None or due.company_id is None or domain is None:
            _count(name, "nothing")
            return
        traits = await self._traits(provider, due.company_id, domain)
        async with self._transactions.begin() as tx:
            await enriching.say(due, name, traits, tx)
        _count(name, "enriched" if traits else "unknown")

    async def give_up(self, payload: dict[str, Any], _reason: str) -> None:
        """Count it; the lead is none the worse."""
        _count(payload["provider"], "given_up")

    async def _traits(self, provider: Provider, company_id: str, domain: str) -> Traits:
        if provider.kind is ProviderKind.FILE:
            return await self._guarded(provider, company_id, domain)
        now = self._transactions.clock.now()
        async with self._transactions.read() as reader:
            known = await enrichment.load_answer(reader, provider.name, company_id, now)
        return await self._guarded(provider, company_id, domain) if known is None else known

    async def _guarded(self, provider: Provider, company_id: str, domain: str) -> Traits:
        """Ask, unless the provider is to be left alone; learn how it fares."""
        name = provider.name
        breaker = self._breakers.get(name, CLOSED)
        seconds = breaker.seconds_left(self._transactions.clock.now())
        if seconds > 0:
            _count(name, "later")
            raise Later(seconds, f"{name} is left alone")
        try:
            traits = await self._look_up(provider, company_id, domain)
        except Unavailable:
            now = self._transactions.clock.now()
            self._breakers[name] = self._breakers.get(name, CLOSED).failed(now)
            _count(name, "failed")
            raise
        self._breakers[name] = CLOSED
        return traits

    async def _look_up(self, provider: Provider, company_id: str, domain: str) -> Traits:
        match provider.kind:
            case ProviderKind.FILE:
                return await self._file.look_up(provider, domain)
            case ProviderKind.HTTP:
                return await self._ask(provider, company_id, domain)

    async def _ask(self, provider: Provider, company_id: str, domain: str) -> Traits:
        await self._claim(provider)
        answered = await self._service.ask(provider, domain)
        if answered.status == 429:
            self._leave_alone(provider, patience_of(answered, self._transactions.clock.now()))
        traits = traits_in(provider, answered)
        async with self._transactions.begin() as tx:
            await enriching.keep(provider, company_id, traits, tx)
        return traits

    async def _claim(self, provider: Provider) -> None:
        """Count a question of today; raises `Later`, for tomorrow, when there are none left."""
        now = self._transactions.clock.now()
        async with self._transactions.begin() as tx:
            is_ours = await enrichment.claim_question(
                tx, provider.name, now.date(), per_day=provider.per_day
            )
        if not is_ours:
            tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
            _count(provider.name, "later")
            raise Later((tomorrow - now).total_seconds(), f"{provider.name} has had its questions")

    def _leave_alone(self, provider: Provider, seconds: float) -> None:
        now, name = self._transactions.clock.now(), provider.name
        self._breakers[name] = self._breakers.get(name, CLOSED).left_alone(now, seconds)
        _count(name, "later")
        raise Later(seconds, f"{name} asks for patience")


def _count(provider: str, outcome: str) -> None:
    metrics.ENRICHMENTS.labels(provider, outcome).inc()
