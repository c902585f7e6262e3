"""Fetching the leads that Meta and LinkedIn only announce, by the token of their source."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from baton.errors import Unavailable
from baton.transaction import Origin
from baton.transactions import Transactions
from baton.vault import BrokenSeal, vault_of
from baton.work import Effect, GivenUp, Later
from marketing_intake import metrics
from marketing_intake.domain.source import Source
from marketing_intake.handlers import fetching
from marketing_intake.handlers.sealing import open_config
from marketing_intake.handlers.submission import (
    Kept,
    Outcome,
    Submission,
    Taken,
    event_id,
    fetched_key,
)
from marketing_intake.reading.fetches import (
    FETCHES,
    LINKEDIN_LEADS,
    META_LEADS,
    Fetch,
    Question,
    Verdict,
    judged,
    read_fetched,
)
from marketing_intake.reading.findings import Unreadable
from marketing_intake.reading.submissions import Arrival
from marketing_intake.reading.vendors.shape import Config
from marketing_intake.repository import catalogue
from marketing_intake.repository.capturing import CONFLICTS
from marketing_intake.settings import IntakeSettings
from marketing_intake.work.asking import Answered, Asker, patience_of

TOKEN: Final = "api_token"  # noqa: S105 the name under which a source is configured with it
ATTEMPTS_MAX: Final = 4
JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Announced:
    """A lead to be fetched: where it was announced, and what there is to ask with."""

    payload_id: str
    fetch: Fetch
    source: Source
    config: Config
    key: str
    question: Question


class LeadFetches:
    """Fetches the leads of one installation."""

    def __init__(self, transactions: Transactions, settings: IntakeSettings) -> None:
        self._transactions = transactions
        self._region = settings.default_region
        self._vault = vault_of(settings)
        self._asker = Asker(seconds=settings.fetch_seconds)
        self._bases = {
            META_LEADS.vendor: settings.meta_graph_url.rstrip("/"),
            LINKEDIN_LEADS.vendor: settings.linkedin_api_url.rstrip("/"),
        }
        self._headers = {LINKEDIN_LEADS.vendor: {"linkedin-version": settings.linkedin_version}}

    @property
    def effect(self) -> Effect:
        """How this work is done, and what is left when it can't be."""
        return Effect(self.fetch, self.give_up)

    async def fetch(self, payload: dict[str, Any]) -> None:
        """Fetch a lead and capture it. Raises `GivenUp`, `Later`, and `Unavailable`: try again."""
        announced = await self._announced(payload)
        once = event_id(fetched_key(announced.key))
        async with self._transactions.begin() as tx:
            if not await fetching.is_due(announced.payload_id, announced.source.id, once, tx):
                return
        answered = await self._ask(announced)
        self._check(announced, answered)
        submissions = self._read(announced, answered)
        _count(announced.fetch, await self._take(announced.payload_id, submissions))

    async def give_up(self, payload: dict[str, Any], reason: str) -> None:
        """Refuse the announcement, for this reason."""
        async with self._transactions.begin() as tx:
            is_refused = await fetching.refuse(payload["payload_id"], reason, tx)
        if is_refused:
            metrics.FETCHES.labels(payload["vendor"], "given_up").inc()

    async def _announced(self, payload: dict[str, Any]) -> Announced:
        fetch = FETCHES.get(payload["vendor"])
        if fetch is None:
            raise GivenUp("nothing here fetches leads of this vendor")
        async with self._transactions.read() as reader:
            source = await catalogue.find_source(reader, payload["source_id"])
        if source is None:
            raise GivenUp("its source is gone")
        try:
            key, question = fetch.key_of(payload["reference"]), fetch.question(payload["reference"])
        except Unreadable as error:
            raise GivenUp(error.detail) from None
        config = self._opened(source)
        return Announced(payload["payload_id"], fetch, source, config, key, question)

    def _opened(self, source: Source) -> Config:
        try:
            return open_config(source, self._vault)
        except BrokenSeal:
            raise Unavailable("the source's secrets can't be opened") from None

    async def _ask(self, announced: Announced) -> Answered:
        fetch, question = announced.fetch, announced.question
        token = announced.config.get(TOKEN)
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise GivenUp(f"the source has no {TOKEN} in its config to fetch leads with")
        own = self._headers.get(fetch.vendor, {})
        return await self._asker.ask(
            self._bases[fetch.vendor] + question.path,
            fetch.title,
            query=question.query,
            # In a header and not in the address, which others write down.
            headers={**question.headers, **own, "authorization": f"Bearer {token}"},
        )

    def _check(self, announced: Announced, answered: Answered) -> None:
        """Raises what is to be done about an answer that holds no lead."""
        title, vendor = announced.fetch.title, announced.fetch.vendor
        match judged(announced.fetch, answered.status, answered.body):
            case Verdict.GOOD:
                return
            case Verdict.LATER:
                metrics.FETCHES.labels(vendor, "later").inc()
                seconds = patience_of(answered, self._transactions.clock.now())
                raise Later(seconds, f"{title} asks for patience")
            case Verdict.AGAIN:
                metrics.FETCHES.labels(vendor, "again").inc()
                raise Unavailable(f"{title} answered {answered.status}")
            case Verdict.TOKEN:
                raise GivenUp(f"{title} does not accept the source's {TOKEN}: renew it and replay")
            case Verdict.NEVER:
                raise GivenUp(f"{title} has no such lead for us: it answered {answered.status}")

    def _read(self, announced: Announced, answered: Answered) -> Sequence[Submission]:
        arrival = Arrival(
            source=announced.source,
            component=announced.fetch.component,
            body=answered.body,
            content_type=JSON,
            origin=Origin.fresh(),
            received_at=self._transactions.clock.now(),
            region=self._region,
        )
        return read_fetched(announced.fetch, arrival, announced.config, key=announced.key)

    async def _take(self, payload_id: str, submissions: Sequence[Submission]) -> Outcome | None:
        for _ in range(ATTEMPTS_MAX):
            try:
                async with self._transactions.begin() as tx:
                    return await fetching.take(payload_id, submissions, tx)
            except CONFLICTS:
                continue
        raise Unavailable("too many at once about the same person")


def _count(fetch: Fetch, outcome: Outcome | None) -> None:
    match outcome:
        case Taken(_, _, state):
            metrics.RECEIVED.labels(state.value).inc()
            word = "taken"
        case Kept(_, refused):
            metrics.REFUSED.labels(refused.kind).inc()
            word = "refused"
        case _:
            word = "known"
    metrics.FETCHES.labels(fetch.vendor, word).inc()
