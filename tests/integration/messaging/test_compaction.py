"""Kafka itself forgets a contact card once its tombstone is there and the log is compacted."""

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from baton.contracts.marketing import ContactCard
from baton.contracts.topics import CONTACTS
from baton.ids import new_id
from baton.messaging.kafka import KafkaAccess, KafkaSender, Letter
from baton.transaction import Origin
from support.databases import MakeTransactions
from support.eventually import eventually
from support.infrastructure import Addresses
from support.whole_log import everything_in

MARK = b"xq7mark"
QUICK = {
    "cleanup.policy": "compact",
    "segment.ms": "100",
    "min.cleanable.dirty.ratio": "0.0001",
    "min.compaction.lag.ms": "0",
    "max.compaction.lag.ms": "1",
    "delete.retention.ms": "0",
}
"""What the real topic has in days, this one has in moments."""


async def test_after_compaction_nothing_of_a_buried_card_is_left(
    infrastructure: Addresses, make_transactions: MakeTransactions
) -> None:
    access = await a_quick_topic(infrastructure)
    transactions = await make_transactions("frame")
    person_id, other_id = new_id(), new_id()
    async with transactions.begin() as tx:
        card = ContactCard(person_id=person_id, version=1, given_name=MARK.decode())
        tx.publish(card, key=person_id, subject=person_id, cause=Origin.fresh())
        tx.forget(ContactCard, person_id, cause=Origin.fresh())
    async with transactions.read() as reader:
        rows = await reader.fetch("select aggregateid, payload, headers from outbox order by seq")
    for row in rows:
        await send(access, row["aggregateid"], row["payload"])
    before = await held(access)

    async def left() -> list[bytes]:
        # The segment that is written to is never compacted: others' cards make a new one.
        await send(access, other_id, b"{}")
        return await held(access)

    assert any(MARK in value for value in before)
    await eventually(left, lambda values: not any(MARK in one for one in values), seconds_max=120)


async def a_quick_topic(infrastructure: Addresses) -> KafkaAccess:
    """The topic of contact cards, compacted as soon as the broker gets to it."""
    access = KafkaAccess(infrastructure.kafka_bootstrap, "test", topic_prefix=f"t{new_id()}.")
    admin = AIOKafkaAdminClient(**access.options())
    await admin.start()
    topic = NewTopic(access.topic_prefix + CONTACTS.name, 1, 1, topic_configs=QUICK)
    await admin.create_topics([topic])
    await admin.close()
    return access


async def send(access: KafkaAccess, key: str, value: bytes | None) -> None:
    """Send one record."""
    sender = KafkaSender(access)
    assert await sender.send([Letter(CONTACTS.name, key, value, {})]) == [True]
    await sender.stop()


async def held(access: KafkaAccess) -> list[bytes]:
    """Every value that the broker still has."""
    return [record.value for record in await everything_in(access, (CONTACTS,))]
