"""Offsets and inbox: one statement at the head of a batch says what of it is new and ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from baton.messaging.record import Delivery
from baton.transaction import Transaction

Partition = tuple[str, int]

BEGIN_SQL: Final = """
with moved as (
  update consumer_offsets o set position = n.new_position, moved_at = $10
  from unnest($2::text[], $3::integer[], $4::bigint[], $5::bigint[])
    as n (topic, partition, old_position, new_position)
  where o.consumer_group = $1 and o.topic = n.topic and o.partition = n.partition
    and o.position = n.old_position
  returning 1
), heard as (
  insert into inbox (consumer_group, event_id, heard_at)
  select $1, event_id, $10 from unnest($6::uuid[]) as event_id
  on conflict do nothing
  returning event_id
), held as (
  select distinct key from parked
  where consumer_group = $1 and topic = any ($7::text[]) and key = any ($8::text[])
)
select
  (select count(*) from moved) = $9 as is_ours,
  (select coalesce(array_agg(event_id), '{}') from heard) as fresh,
  (select coalesce(array_agg(key), '{}') from held) as held
"""
LOAD_SQL: Final = """
insert into consumer_offsets (consumer_group, topic, partition, position)
select $1, topic, partition, position
from unnest($2::text[], $3::integer[], $4::bigint[]) as n (topic, partition, position)
on conflict (consumer_group, topic, partition) do update set topic = excluded.topic
returning topic, partition, position
"""
PURGE_SQL: Final = "delete from inbox where heard_at < $1"


class PartitionLost(Exception):
    """Somebody else moved this partition's offset: it is theirs now."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch takes each of its partitions."""

    moves: dict[Partition, tuple[int, int]]

    @classmethod
    def of(cls, deliveries: Sequence[Delivery], positions: dict[Partition, int]) -> "Progress":
        """From the positions now to behind the last record of each partition."""
        moves: dict[Partition, tuple[int, int]] = {}
        for delivery in deliveries:
            record = delivery.record
            partition = (record.topic, record.partition)
            moves[partition] = (positions[partition], record.offset + 1)
        return cls(moves)


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the head of a batch found: which events are new, which keys wait."""

    fresh: frozenset[str]
    held_keys: frozenset[str]


async def begin(
    tx: Transaction, group: str, deliveries: Sequence[Delivery], progress: Progress
) -> Hearing:
    """Advance the offsets by compare-and-set, enter the events into the inbox, find held keys.

    Raises `PartitionLost` when an offset is not where this consumer left it.
    """
    moves = progress.moves
    row = await tx.fetchrow(
        BEGIN_SQL,
        group,
        [topic for topic, _ in moves],
        [partition for _, partition in moves],
        [old for old, _ in moves.values()],
        [new for _, new in moves.values()],
        [delivery.heard.id for delivery in deliveries if delivery.heard],
        list({delivery.record.topic for delivery in deliveries}),
        list({delivery.record.key for delivery in deliveries}),
        len(moves),
        tx.now,
    )
    assert row is not None
    if not row["is_ours"]:
        raise PartitionLost(f"{group} has lost one of {sorted(moves)}")
    return Hearing(frozenset(row["fresh"]), frozenset(row["held"]))


async def load_positions(
    tx: Transaction, group: str, beginnings: dict[Partition, int]
) -> dict[Partition, int]:
    """Where the group is in each partition; a partition it never read starts at its beginning."""
    rows = await tx.fetch(
        LOAD_SQL,
        group,
        [topic for topic, _ in beginnings],
        [partition for _, partition in beginnings],
        list(beginnings.values()),
    )
    return {(row["topic"], row["partition"]): row["position"] for row in rows}


async def forget_heard(tx: Transaction, before: datetime) -> None:
    """Let go of event ids that are older than the stated window."""
    await tx.execute(PURGE_SQL, before)
