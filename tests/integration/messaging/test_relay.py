"""The relay publishes what is durable, in order per key, and removes what Kafka has."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio
from prometheus_client import CollectorRegistry

from baton.clock import SystemClock
from baton.contracts.topics import LEADS
from baton.errors import Unavailable
from baton.ids import new_id
from baton.messaging.consumer import Consumer
from baton.messaging.kafka import KafkaAccess, KafkaSender, Letter, create_topics
from baton.messaging.listening import Listening
from baton.messaging.metrics import MessagingMetrics
from baton.messaging.relay import Relay, waves
from baton.messaging.retries import Limits
from baton.messaging.subscription import Heard, Subscription
from baton.transaction import Origin, Transaction
from baton.transactions import Transactions
from support.databases import MakeTransactions
from support.eventually import eventually
from support.facts import a_lead_captured
from support.infrastructure import Addresses


class UnsteadySender:
    """Sends like the real one, but loses what it is told to lose, once."""

    def __init__(self, losing: set[str]) -> None:
        self.losing = losing
        self.sent: list[tuple[str, str]] = []

    async def send(self, letters: Sequence[Letter]) -> list[bool]:
        """Send all but the first letter of each losing key."""
        results = []
        for letter in letters:
            is_lost = letter.key in self.losing
            self.losing.discard(letter.key)
            if not is_lost:
                self.sent.append((letter.key, letter.headers["ce_id"]))
            results.append(not is_lost)
        return results

    async def stop(self) -> None:
        """Nothing to let go."""


@pytest_asyncio.fixture
async def access(infrastructure: Addresses) -> KafkaAccess:
    """Topics of this test alone."""
    access = KafkaAccess(infrastructure.kafka_bootstrap, "test", topic_prefix=f"t{new_id()}.")
    await create_topics(access, (LEADS,), partitions=3, replicas=1)
    return access


@pytest_asyncio.fixture
async def transactions(make_transactions: MakeTransactions) -> AsyncIterator[Transactions]:
    """On a fresh database."""
    yield await make_transactions("frame")


def a_relay(transactions: Transactions, sender: KafkaSender | UnsteadySender) -> Relay:
    """One relay of possibly several."""
    return Relay(
        transactions.database,
        sender,  # type: ignore[arg-type]  # the unsteady one has the same two methods
        MessagingMetrics(CollectorRegistry()),
        batch_max=100,
        poll_seconds=0.05,
        gather_seconds=0.0,
        wake=asyncio.Event(),
    )


async def say(transactions: Transactions, *keys: str) -> list[str]:
    """Say one captured lead for each key, in one transaction; returns the event ids."""
    async with transactions.begin() as tx:
        cause = Origin.fresh()
        return [
            tx.publish(a_lead_captured(key), key=key, subject=key, cause=cause).id for key in keys
        ]


async def outbox_rows(transactions: Transactions) -> int:
    """How many events wait."""
    async with transactions.read() as reader:
        count: int = await reader.fetchval("select count(*) from outbox")
        return count


async def test_what_is_said_is_heard_in_order_and_leaves_the_outbox(
    transactions: Transactions, access: KafkaAccess
) -> None:
    one, other = new_id(), new_id()
    said = await say(transactions, one, other, one, one, other)
    heard: list[tuple[str, str]] = []

    async def hear(events: Sequence[Heard], _: Transaction) -> None:
        heard.extend((event.key, event.id) for event in events)

    listening = a_listening(transactions, access, hear)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(a_relay(transactions, KafkaSender(access)).run(stop))
        group.create_task(listening.run(stop))
        await eventually(lambda: _count(heard), lambda count: count == 5)
        stop.set()

    assert [id_ for key, id_ in heard if key == one] == [said[0], said[2], said[3]]
    assert [id_ for key, id_ in heard if key == other] == [said[1], said[4]]
    assert await outbox_rows(transactions) == 0


async def test_a_send_that_fails_is_not_overtaken_by_the_next_of_its_key(
    transactions: Transactions,
) -> None:
    key, other = new_id(), new_id()
    said = await say(transactions, key, key, other)
    sender = UnsteadySender({key})
    relay = a_relay(transactions, sender)
    connection = await transactions.database.dedicated()
    relay._shards = list(range(8))

    await relay.publish_once(connection)
    assert sender.sent == [(other, said[2])]
    await relay.publish_once(connection)
    await connection.close()

    assert sender.sent[1:] == [(key, said[0]), (key, said[1])]


async def test_of_two_relays_each_shard_has_one(
    transactions: Transactions, access: KafkaAccess
) -> None:
    first, second = (a_relay(transactions, KafkaSender(access)) for _ in range(2))
    stop = asyncio.Event()

    async with asyncio.TaskGroup() as group:
        group.create_task(first.run(stop))
        group.create_task(second.run(stop))
        await eventually(lambda: _count([*first._shards, *second._shards]), lambda n: n == 8)
        stop.set()

    assert sorted([*first._shards, *second._shards]) == list(range(8))


async def test_without_kafka_everything_stays_in_the_outbox(transactions: Transactions) -> None:
    await say(transactions, new_id())
    sender = KafkaSender(KafkaAccess("127.0.0.1:1", "test"))
    relay = a_relay(transactions, sender)
    relay._shards = list(range(8))
    connection = await transactions.database.dedicated()

    with pytest.raises(Unavailable):
        await relay.publish_once(connection)
    await connection.close()

    assert await outbox_rows(transactions) == 1


def test_waves_never_hold_two_of_one_key() -> None:
    rows = [{"aggregatetype": "t", "aggregateid": key} for key in "abacab"]

    found = waves(rows)  # type: ignore[arg-type]  # rows are read by name alone

    assert ["".join(row["aggregateid"] for row in wave) for wave in found] == ["abc", "ab", "a"]


def a_listening(transactions: Transactions, access: KafkaAccess, handler: object) -> Listening:
    """A member of the group `test`."""
    metrics = MessagingMetrics(CollectorRegistry())
    subscriptions = (Subscription(LEADS, handler),)  # type: ignore[arg-type]  # a handler
    consumer = Consumer("test", subscriptions, transactions, metrics, Limits())
    return Listening(
        consumer, access, (LEADS,), records_max=500, clock=SystemClock(), metrics=metrics
    )


async def _count(items: Sequence[object]) -> int:
    return len(items)
