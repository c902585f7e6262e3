"""The yardstick of the two batch services: poll, one transaction, relay, and nothing besides.

Each event moves an offset, enters an inbox, changes a state and says one event of the same size.
"""

import argparse
import asyncio
from typing import Final

import asyncpg
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.structs import ConsumerRecord

OUT: Final = "bench.out"
BATCH: Final = 500
TABLES: Final = """
create table offsets (number integer primary key, position bigint not null);
create table inbox (event_id uuid primary key);
create table states (id text primary key, state bytea not null);
create table outbox (seq bigint generated always as identity primary key, key text, value bytea);
"""
OFFSETS: Final = """
insert into offsets select * from unnest($1::integer[], $2::bigint[])
on conflict (number) do update set position = excluded.position
"""
INBOX: Final = "insert into inbox select * from unnest($1::uuid[]) on conflict do nothing"
STATES: Final = """
insert into states select * from unnest($1::text[], $2::bytea[])
on conflict (id) do update set state = excluded.state
"""
OUTBOX: Final = "insert into outbox (key, value) select * from unnest($1::text[], $2::bytea[])"


async def handle(consumer: AIOKafkaConsumer, pool: asyncpg.Pool, wake: asyncio.Event) -> None:
    """Poll a batch, write it in one transaction, again and again."""
    while True:
        polled = await consumer.getmany(max_records=BATCH, timeout_ms=200)
        records = [record for part in polled.values() for record in part]
        if not records:
            continue
        ids = [dict(record.headers)["ce_id"].decode() for record in records]
        latest = {record.key.decode(): record.value for record in records}
        positions = {part.partition: own[-1].offset + 1 for part, own in polled.items()}
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute(OFFSETS, list(positions), list(positions.values()))
            await connection.execute(INBOX, ids)
            await connection.execute(STATES, list(latest), list(latest.values()))
            await connection.execute(OUTBOX, *_outgoing(records))
        wake.set()


def _outgoing(records: list[ConsumerRecord]) -> tuple[list[str], list[bytes]]:
    return [record.key.decode() for record in records], [record.value for record in records]


async def relay(producer: AIOKafkaProducer, pool: asyncpg.Pool, wake: asyncio.Event) -> None:
    """Publish what lies in the outbox, and delete it once Kafka has it."""
    while True:
        async with pool.acquire() as connection:
            rows = await connection.fetch("select * from outbox order by seq limit 1000")
            sent = [await producer.send(OUT, row["value"], row["key"].encode()) for row in rows]
            await asyncio.gather(*sent)
            delete = "delete from outbox where seq = any ($1)"
            await connection.execute(delete, [row["seq"] for row in rows])
        if not rows:
            wake.clear()
            await wake.wait()


async def main() -> None:
    """Run on one topic, from its end on, until killed."""
    parser = argparse.ArgumentParser()
    for name in ("bootstrap", "topic", "database"):
        parser.add_argument(name)
    options = parser.parse_args()
    pool = await asyncpg.create_pool(options.database, min_size=2, max_size=2)
    await pool.execute(TABLES)
    consumer = AIOKafkaConsumer(bootstrap_servers=options.bootstrap, enable_auto_commit=False)
    producer = AIOKafkaProducer(bootstrap_servers=options.bootstrap, acks="all")
    await consumer.start()
    await producer.start()
    numbers = await producer.partitions_for(options.topic)
    consumer.assign([TopicPartition(options.topic, number) for number in numbers])
    await consumer.seek_to_end()
    for place in consumer.assignment():
        position = await consumer.position(place)
        await pool.execute(OFFSETS, [place.partition], [position])
    wake = asyncio.Event()
    await asyncio.gather(handle(consumer, pool, wake), relay(producer, pool, wake))


if __name__ == "__main__":
    uvloop.run(main())
