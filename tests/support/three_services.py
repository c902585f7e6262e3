"""The three services on real databases, with a bus that a test turns by hand."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import orjson

from baton.clock import HandClock
from baton.contracts.envelope import Event, read_event
from baton.contracts.topics import CONTACTS, HANDOFFS, LEADS, PROSPECTS
from baton.contracts.vocabulary import Channel, SourceKind
from baton.ids import new_id
from baton.messaging.subscription import Heard, Subscription
from baton.transaction import Origin
from baton.transactions import Transactions
from lead_scoring import consumers as scoring
from marketing_intake import consumers as marketing
from marketing_intake.domain.source import Source
from marketing_intake.handlers import people
from marketing_intake.handlers.capture import capture
from marketing_intake.handlers.submission import Submission, Taken
from marketing_intake.reading.json_lead import read_json
from sales_routing import consumers as routing
from support.databases import MakeTransactions
from support.facts import NOON
from support.sales_office import CLOCKS, Office
from support.scoring_desk import WHO, Desk, make_desk

TURN = (CONTACTS, LEADS, PROSPECTS, HANDOFFS)
"""The order in which what waits is handed over: a card before whoever asks for it."""
OUTBOX_SQL = """
delete from outbox returning seq, aggregatetype as topic, aggregateid as key, payload, headers
"""


@dataclass
class ThreeServices:
    """Everything but doors, Kafka and time: those are the test's."""

    intake: Transactions
    desk: Desk
    office: Office
    clock: HandClock
    source: Source = field(
        default_factory=lambda: Source(
            new_id(), "web", SourceKind.API, Channel.DIRECT, is_active=True
        )
    )

    async def lead(self, **given: object) -> Taken:
        """Take a lead, and let everybody hear of it."""
        self.clock.advance(seconds=1)
        body, now = orjson.dumps(given), self.clock.now()
        draft = read_json(body, self.source, now, "US")
        submission = Submission(
            self.source.id, draft, body, "application/json", Origin.fresh(), received_at=now
        )
        async with self.intake.begin() as tx:
            (outcome,) = await capture([submission], tx)
        assert isinstance(outcome, Taken)
        await self.turn()
        return outcome

    async def merge(self, *person_ids: str) -> str:
        """Say that these people are one."""
        self.clock.advance(seconds=1)
        async with self.intake.begin() as tx:
            merge_id = await people.merge(person_ids, tx, who=WHO, origin=Origin.fresh())
        await self.turn()
        return merge_id

    async def unmerge(self, merge_id: str) -> None:
        """Take it back."""
        self.clock.advance(seconds=1)
        async with self.intake.begin() as tx:
            await people.unmerge(merge_id, tx, who=WHO, origin=Origin.fresh())
        await self.turn()

    async def turn(self) -> None:
        """Hand over what was said until nobody says anything more."""
        while said := [
            *await _said(self.intake),
            *await _said(self.desk.transactions),
            *await _said(self.office.transactions),
        ]:
            by_topic: defaultdict[str, list[Heard]] = defaultdict(list)
            for topic, event in said:
                by_topic[topic].append(event)
            for topic in (one.name for one in TURN):
                await self._hand_over(topic, by_topic[topic])

    async def _hand_over(self, topic: str, events: Sequence[Heard]) -> None:
        hearers: tuple[tuple[Transactions, Sequence[Subscription]], ...] = (
            (self.desk.transactions, scoring.SUBSCRIPTIONS),
            (self.office.transactions, routing.subscriptions(CLOCKS)),
            (self.intake, marketing.SUBSCRIPTIONS),
        )
        for transactions, subscriptions in hearers:
            for one in subscriptions:
                wanted = [event for event in events if event.type in one.types()]
                if one.topic.name == topic and wanted:
                    async with transactions.begin() as tx:
                        await one.handler(wanted, tx)

    async def fetch(self, sql: str, *arguments: object) -> list[dict[str, Any]]:
        """Rows of intake's database."""
        async with self.intake.read() as reader:
            return [dict(row) for row in await reader.fetch(sql, *arguments)]


async def open_three(make_transactions: MakeTransactions) -> ThreeServices:
    """All three at noon, with a team, and a line that everybody with an address is beyond."""
    desk = await make_desk(make_transactions)
    clock = desk.clock
    heard = {one.topic.name: one.handler for one in routing.subscriptions(CLOCKS)}
    office = Office(await make_transactions("sales_routing", clock), clock, heard)
    intake = replace(await make_transactions("marketing_intake", clock), mac_key=b"k" * 32)
    three = ThreeServices(intake, desk, office, clock)
    await desk.publish()
    await office.team(3)
    await three.turn()
    assert clock.now() - NOON < timedelta(seconds=1)
    return three


async def _said(transactions: Transactions) -> list[tuple[str, Heard]]:
    async with transactions.begin() as tx:
        rows = sorted(await tx.fetch(OUTBOX_SQL), key=lambda row: row["seq"])
    read = [
        (row["topic"], read_event(row["key"], row["payload"], orjson.loads(row["headers"])))
        for row in rows
    ]
    return [(topic, event) for topic, event in read if isinstance(event, Event)]
