"""A scoring desk on a real database: events are heard as a consumer would hand them over."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

from baton.clock import HandClock
from baton.conservation import balance
from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.marketing import (
    ConsentChanged,
    LeadCaptured,
    PeopleMerged,
    PeopleUnmerged,
    PersonErased,
)
from baton.contracts.topics import FACT_OF, TOPIC_OF
from baton.ids import new_id
from baton.transaction import Origin
from baton.transactions import Transactions
from lead_scoring import consumers, queries
from lead_scoring.handlers import policies, scores, verifying
from lead_scoring.handlers.scores import PersonScore
from lead_scoring.handlers.verifying import Verified
from lead_scoring.repository.documents import PolicyDocument
from support.databases import MakeTransactions
from support.facts import NOON, a_lead_captured, an_event

GOOD: dict[str, Any] = {"email_kind": "business", "fields": ("email", "company")}
WEAK: dict[str, Any] = {"email_kind": "free", "fields": ("email",)}
WHO = "test"


@dataclass
class Desk:
    """The service without its doors."""

    transactions: Transactions
    clock: HandClock

    async def hear(self, *said: Event[Fact]) -> None:
        """Handle a batch of one topic, as the consumer would."""
        topic = TOPIC_OF[FACT_OF[said[0].type]].name
        handlers = {one.topic.name: one.handler for one in consumers.SUBSCRIPTIONS}
        async with self.transactions.begin() as tx:
            await handlers[topic](said, tx)
            for type_, count in Counter(event.type for event in said).items():
                tx.tally(f"heard:{type_}", count)

    async def publish(self, **document: Any) -> int:
        """Draw another line; without a document everybody with an e-mail address is beyond it."""
        wanted = {"name": "Test", "line": {"points": 0}} | document
        async with self.transactions.begin() as tx:
            policy = await policies.draft(PolicyDocument.model_validate(wanted), tx, who=WHO)
        async with self.transactions.begin() as tx:
            await policies.publish(policy.version, tx, who=WHO, origin=Origin.fresh())
        return policy.version

    async def said(self) -> list[dict[str, Any]]:
        """What was said, in order: type, key, subject and data; without the first policy."""
        rows = await self.fetch(
            "select type, aggregateid as key, payload, headers from outbox order by seq"
        )
        return [
            {
                "type": row["type"].split(".")[-2],
                "key": row["key"],
                "id": orjson.loads(row["headers"])["ce_id"],
                "time": orjson.loads(row["headers"])["ce_time"],
                "data": orjson.loads(row["payload"]),
            }
            for row in rows
        ][1:]

    async def words(self) -> list[str]:
        """The types of what was said, in order."""
        return [one["type"] for one in await self.said()]

    async def states(self) -> dict[str, str]:
        """Where each lead is."""
        rows = await self.fetch("select lead_id, state from leads")
        return {row["lead_id"]: row["state"] for row in rows}

    async def unaccounted(self) -> int:
        """What rows and evidence disagree about."""
        async with self.transactions.read() as reader:
            return (await balance(reader, queries.census)).unaccounted()

    async def verify(self, limit: int = 1000) -> Verified:
        """Make the decisions again."""
        async with self.transactions.read() as reader:
            return await verifying.verify(reader, limit=limit)

    async def score(self, person_id: str) -> PersonScore:
        """Where somebody stands now."""
        async with self.transactions.read() as reader:
            return await scores.current(person_id, reader, moment=self.clock.now())

    async def fetch(self, sql: str, *arguments: object) -> list[Any]:
        """Rows of the database."""
        async with self.transactions.read() as reader:
            return await reader.fetch(sql, *arguments)


async def make_desk(make_transactions: MakeTransactions) -> Desk:
    """A fresh one, with the default policy in force."""
    return await make_desk_on(make_transactions, None)


async def make_desk_on(make_transactions: MakeTransactions, url: str | None) -> Desk:
    """A desk on this database, or on a fresh one."""
    clock = HandClock(NOON)
    transactions = await make_transactions("lead_scoring", clock, url=url)
    async with transactions.begin() as tx:
        await policies.ensure_policy(tx)
    return Desk(transactions, clock)


def at(minutes: int, data: Fact) -> Event[Fact]:
    """A fact that happened so many minutes after noon."""
    moment = NOON + timedelta(minutes=minutes)
    return an_event(data)._replace(happened_at=moment, recorded_at=moment)


def a_lead(person_id: str, *, minutes: int = 0, **changes: Any) -> Event[Fact]:
    """A lead that is good enough for the default policy, unless it is changed."""
    return at(minutes, a_lead_captured(person_id, **(GOOD | changes)))


def a_weak_lead(person_id: str, *, minutes: int = 0, **changes: Any) -> Event[Fact]:
    """A lead that is not."""
    return at(minutes, a_lead_captured(person_id, **(WEAK | changes)))


def a_consent(person_id: str, *granted: str, version: int = 1, minutes: int = 0) -> Event[Fact]:
    """What somebody allows from then on."""
    values = {"person_id": person_id, "granted": granted, "version": version}
    return at(minutes, ConsentChanged.model_validate(values))


def a_merge(*member_ids: str, version: int = 1, merge_id: str) -> list[Event[Fact]]:
    """These people are one: said under the key of each."""
    data = PeopleMerged(
        merge_id=merge_id, survivor_id=member_ids[0], member_ids=member_ids, version=version
    )
    return [an_event(data, key=one) for one in member_ids]


def an_unmerge(*member_ids: str, version: int = 2, merge_id: str) -> list[Event[Fact]]:
    """They are not, after all."""
    data = PeopleUnmerged(merge_id=merge_id, member_ids=member_ids, version=version)
    return [an_event(data, key=one) for one in member_ids]


def an_erasure(person_id: str) -> Event[Fact]:
    """Somebody is to be forgotten."""
    return an_event(PersonErased(person_id=person_id))


def lead_id_of(event: Event[Fact]) -> str:
    """The lead of an event."""
    assert isinstance(event.data, LeadCaptured)
    return event.data.lead_id


def again(events: Sequence[Event[Fact]]) -> list[Event[Fact]]:
    """The same facts under other event ids, as after the inbox has forgotten the first ones."""
    return [event._replace(id=new_id()) for event in events]
