"""A consumer on a real database, fed by hand; its effects are rows."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import pytest_asyncio
from prometheus_client import CollectorRegistry

from baton.contracts.envelope import Event
from baton.contracts.topics import LEADS
from baton.messaging.consumer import Consumer
from baton.messaging.metrics import MessagingMetrics
from baton.messaging.retries import Limits
from baton.messaging.subscription import Heard, Subscription
from baton.messaging.unparking import Unparking
from baton.transaction import Transaction
from baton.transactions import Transactions
from support.databases import MakeTransactions

GROUP = "test"


@dataclass
class Bench:
    """A consumer whose handler writes one row per event, after doing what the test wants."""

    transactions: Transactions
    consumer: Consumer
    unparking: Unparking
    troubles: dict[str, Exception] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)

    async def effects(self) -> list[str]:
        """The keys of the events that took effect, in order."""
        async with self.transactions.read() as reader:
            return [
                row["key"] for row in await reader.fetch("select key from effects order by seq")
            ]

    async def aside(self) -> list[tuple[str, str]]:
        """What is set aside: status and reason, in order."""
        async with self.transactions.read() as reader:
            rows = await reader.fetch("select status, reason from parked order by id")
        return [(row["status"], row["reason"]) for row in rows]


@pytest_asyncio.fixture
async def bench(make_transactions: MakeTransactions) -> Bench:
    """A fresh one; partitions 0 and 1 of the leads' topic are its own, from offset 0."""
    transactions = await make_transactions("frame")
    return await make_bench(transactions)


async def make_bench(transactions: Transactions) -> Bench:
    """Another member of the same group, on the same database."""
    troubles: dict[str, Exception] = {}
    batches: list[int] = []

    async def handle(events: Sequence[Heard], tx: Transaction) -> None:
        batches.append(len(events))
        await tx.execute(
            "insert into effects (key, number) select key, 1 from unnest($1::text[]) as key",
            [event.key for event in events],
        )
        for event in events:
            if event.key in troubles:
                raise troubles[event.key]
            if isinstance(event, Event):
                tx.publish(event.data, key=event.key, subject=event.subject, cause=event)

    subscriptions = (Subscription(LEADS, handle),)
    metrics = MessagingMetrics(CollectorRegistry())
    consumer = Consumer(GROUP, subscriptions, transactions, metrics, Limits())
    await take_partitions(consumer)
    unparking = Unparking(transactions, GROUP, subscriptions, Limits())
    return Bench(transactions, consumer, unparking, troubles, batches)


async def take_partitions(consumer: Consumer) -> None:
    """Look up where the group is, as after an assignment."""
    from baton.messaging import hearing

    async with consumer.transactions.begin() as tx:
        beginnings = {(LEADS.name, 0): 0, (LEADS.name, 1): 0}
        consumer.positions |= await hearing.load_positions(tx, consumer.group, beginnings)


MakeRows = Callable[[], Awaitable[list[str]]]
