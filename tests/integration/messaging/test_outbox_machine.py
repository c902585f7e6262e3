"""The outbox and the inbox as a state machine: whatever happens on the way, each event counts once.

The log that lies between relay and consumer is a list here, so that sends can be lost, repeated
and broken off at will, and old offsets read again; database, relay and consumer are the real ones.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from typing import TypeVar

import asyncpg
import pytest_asyncio
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from prometheus_client import CollectorRegistry
from typing_extensions import override

from baton.contracts.envelope import Event
from baton.contracts.marketing import LeadCaptured
from baton.contracts.topics import LEADS
from baton.errors import Unavailable
from baton.ids import new_id
from baton.messaging import hearing
from baton.messaging.consumer import Consumer
from baton.messaging.hearing import PartitionLost
from baton.messaging.metrics import MessagingMetrics
from baton.messaging.record import Record
from baton.messaging.relay import Relay
from baton.messaging.retries import Limits
from baton.messaging.subscription import Heard, Subscription
from baton.transaction import Origin, Transaction
from baton.transactions import Transactions
from support.databases import MakeTransactions
from support.facts import a_lead_captured
from support.open_services import EMPTY_SQL
from support.unsteady_log import PARTITIONS, UnsteadyLog

KEYS = [new_id() for _ in range(3)]
SOME_KEYS = st.sets(st.sampled_from(KEYS))
T = TypeVar("T")


class Machine(RuleBasedStateMachine):
    """Commits, relays, deliveries and restarts in any order."""

    transactions: Transactions
    connection: asyncpg.Connection
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.log = UnsteadyLog()
        self.said: dict[str, list[int]] = {key: [] for key in KEYS}
        self.count = 0
        self.is_out = False
        self.wait(self.connection.execute(EMPTY_SQL))
        self.consumer = self.new_consumer()
        self.rival = self.new_consumer()
        self.relay = Relay(
            self.transactions.database,
            self.log,  # type: ignore[arg-type]  # it has the same two methods
            MessagingMetrics(CollectorRegistry()),
            batch_max=3,
            poll_seconds=1,
            gather_seconds=0,
            wake=asyncio.Event(),
        )
        self.relay._shards = list(range(8))

    def wait(self, doing: Coroutine[None, None, T]) -> T:
        """Let something happen."""
        return self.loop.run_until_complete(doing)

    def new_consumer(self) -> Consumer:
        """A member of the group that has just been given both partitions."""
        consumer = Consumer(
            "machine",
            (Subscription(LEADS, self.handle),),
            self.transactions,
            MessagingMetrics(CollectorRegistry()),
            Limits(),
        )
        self.wait(self.assign(consumer))
        return consumer

    async def assign(self, consumer: Consumer) -> None:
        """Look up where the group is."""
        beginnings = {(LEADS.name, partition): 0 for partition in range(PARTITIONS)}
        async with self.transactions.begin() as tx:
            consumer.positions |= await hearing.load_positions(tx, consumer.group, beginnings)

    async def handle(self, events: Sequence[Heard], tx: Transaction) -> None:
        """The effect of an event is a row with its number; during an outage there is none."""
        rows = [
            (event.key, event.data.traits["number"])
            for event in events
            if isinstance(event, Event) and isinstance(event.data, LeadCaptured)
        ]
        keys, numbers = [key for key, _ in rows], [number for _, number in rows]
        await tx.execute(
            "insert into effects (key, number)"
            " select * from unnest($1::text[], $2::integer[]) as n (key, number)",
            keys,
            numbers,
        )
        if self.is_out:
            raise Unavailable("something that the handler needs is away")

    @rule(keys=st.lists(st.sampled_from(KEYS), min_size=1, max_size=4))
    def commit(self, keys: list[str]) -> None:
        """Say something about these keys."""
        self.wait(self.say(keys))
        for key in keys:
            self.said[key].append(self.count)
            self.count += 1

    async def say(self, keys: list[str]) -> None:
        """In one transaction."""
        async with self.transactions.begin() as tx:
            for n, key in enumerate(keys, self.count):
                fact = a_lead_captured(key, traits={"number": n})
                tx.publish(fact, key=key, subject=key, cause=Origin.fresh())

    @rule(keys=st.lists(st.sampled_from(KEYS), min_size=1, max_size=4))
    def roll_back(self, keys: list[str]) -> None:
        """Say something, and fail before it is committed."""

        async def fail() -> None:
            async with self.transactions.begin() as tx:
                for key in keys:
                    fact = a_lead_captured(key, traits={"number": -1})
                    tx.publish(fact, key=key, subject=key, cause=Origin.fresh())
                raise KeyError

        try:
            self.wait(fail())
        except KeyError:
            return

    @rule(losing=SOME_KEYS, echoing=SOME_KEYS)
    def publish(self, losing: set[str], echoing: set[str]) -> None:
        """Let the relay publish, while some sends or their acknowledgements are lost."""
        self.log.losing, self.log.echoing = set(losing), set(echoing)
        self.wait(self.relay.publish_once(self.connection))

    @rule()
    def publish_and_break_off(self) -> None:
        """Let the broker go away after it took something."""
        self.log.losing, self.log.echoing, self.log.breaks_off = set(), set(), True
        try:
            self.wait(self.relay.publish_once(self.connection))
        except Unavailable:
            return
        finally:
            self.log.breaks_off = False

    @rule(count=st.integers(1, 5), back=st.integers(0, 3))
    def consume(self, count: int, back: int) -> None:
        """Deliver what comes next, together with some that were delivered before."""
        try:
            self.wait(self.consumer.apply(self.next_records(self.consumer, count, back)))
        except PartitionLost:
            self.consumer = self.new_consumer()

    @precondition(lambda self: any(self.log.records))
    @rule(count=st.integers(1, 5))
    def consume_in_an_outage(self, count: int) -> None:
        """Deliver something that can't be handled now."""
        self.is_out = True
        try:
            self.wait(self.consumer.apply(self.next_records(self.consumer, count, 0)))
        except (Unavailable, PartitionLost):
            self.consumer = self.new_consumer()
        finally:
            self.is_out = False

    @rule(count=st.integers(1, 5))
    def consume_as_a_rival(self, count: int) -> None:
        """Deliver to a member that believes in positions which may be over."""
        try:
            self.wait(self.rival.apply(self.next_records(self.rival, count, 0)))
        except PartitionLost:
            self.rival = self.new_consumer()

    @rule()
    def restart(self) -> None:
        """A new process takes the partitions; the old one does not know yet."""
        self.rival, self.consumer = self.consumer, self.new_consumer()

    def next_records(self, consumer: Consumer, count: int, back: int) -> list[Record]:
        """The next records of each partition, beginning so many before where the member is."""
        found: list[Record] = []
        for partition, records in enumerate(self.log.records):
            position = consumer.positions[LEADS.name, partition]
            found += records[max(0, position - back) : position + count]
        return found

    def effects(self) -> dict[str, list[int]]:
        """What took effect, in order, by key."""
        rows = self.wait(self.connection.fetch("select key, number from effects order by seq"))
        return {key: [row["number"] for row in rows if row["key"] == key] for key in KEYS}

    @invariant()
    def each_event_counted_at_most_once_and_in_order(self) -> None:
        """What took effect is what was said first, without a gap."""
        for key, numbers in self.effects().items():
            assert numbers == self.said[key][: len(numbers)]

    @override
    def teardown(self) -> None:
        """When nothing fails any more, everything arrives and the outbox empties."""
        self.log.losing, self.log.echoing = set(), set()
        while self.wait(self.relay.publish_once(self.connection)):
            pass
        self.consumer = self.new_consumer()
        self.wait(self.consumer.apply(self.next_records(self.consumer, self.count * 9, 0)))
        assert self.effects() == self.said
        assert self.wait(self.connection.fetchval("select count(*) from outbox")) == 0


@pytest_asyncio.fixture
async def machine(make_transactions: MakeTransactions) -> AsyncIterator[type[Machine]]:
    """The machine, with its database and its loop."""
    transactions = await make_transactions("frame")
    connection = await transactions.database.dedicated()
    loop = asyncio.get_running_loop()
    members = {"transactions": transactions, "connection": connection, "loop": loop}
    yield type("BoundMachine", (Machine,), members)
    await connection.close()


def test_each_event_takes_effect_once_and_in_order(machine: type[Machine]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=60,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
