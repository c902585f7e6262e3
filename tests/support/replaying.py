"""The whole log, heard again by a service whose database is empty."""

from collections.abc import Sequence

from prometheus_client import CollectorRegistry

from baton.contracts.topics import Topic
from baton.messaging.consumer import Consumer
from baton.messaging.hearing import load_positions
from baton.messaging.kafka import KafkaAccess, open_topic
from baton.messaging.metrics import MessagingMetrics
from baton.messaging.record import Record
from baton.messaging.retries import Limits
from baton.messaging.subscription import Subscription
from baton.messaging.unparking import Unparking
from baton.transactions import Transactions

BATCH = 100


async def replay(
    name: str,
    subscriptions: Sequence[Subscription],
    transactions: Transactions,
    access: KafkaAccess,
) -> None:
    """Hear everything that these subscriptions are for, topic after topic."""
    metrics = MessagingMetrics(CollectorRegistry())
    consumer = Consumer(name, subscriptions, transactions, metrics, Limits())
    for subscription in subscriptions:
        records = await all_of(access, subscription.topic)
        beginnings = {(record.topic, record.partition): 0 for record in records}
        async with transactions.begin() as tx:
            consumer.positions |= await load_positions(tx, name, beginnings)
        for first in range(0, len(records), BATCH):
            await consumer.apply(records[first : first + BATCH])
    unparking = Unparking(transactions, name, subscriptions, Limits())
    while await unparking.retry_held():
        pass


async def all_of(access: KafkaAccess, topic: Topic) -> list[Record]:
    """Every record that the topic has now, in order per partition."""
    found: list[Record] = []
    async with open_topic(access, topic) as reader:
        async for records in reader.between(await reader.beginnings(), await reader.ends()):
            found += records
    return found
