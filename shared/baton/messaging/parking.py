"""Parking: messages set aside in the group's own database, so that nothing is dropped."""

import json
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from baton.database import Reader
from baton.errors import NotFound, NotYet, Refused
from baton.messaging.record import Delivery, Record
from baton.transaction import Transaction

HELD: Final = "held"
PARKED: Final = "parked"
PAGE_MAX: Final = 200
MESSAGE_CHARACTERS_MAX: Final = 1000
TRACEBACK_CHARACTERS_MAX: Final = 8000

PUT_SQL: Final = """
insert into parked (
  consumer_group, topic, partition, position, key, value, headers, event_id, event_type,
  status, reason, message, traceback, attempts, first_failed_at, next_attempt_at)
select $1, topic, partition, position, key, value, headers::jsonb, event_id, event_type,
  status, reason, message, traceback, 1, $2, $2
from unnest(
  $3::text[], $4::integer[], $5::bigint[], $6::text[], $7::bytea[], $8::text[], $9::uuid[],
  $10::text[], $11::text[], $12::text[], $13::text[], $14::text[]
) as n (
  topic, partition, position, key, value, headers, event_id, event_type,
  status, reason, message, traceback)
"""
DESTROY_SQL: Final = "delete from parked where consumer_group = $1 and key = any ($2::text[])"
LIST_SQL: Final = """
select id, consumer_group, topic, partition, position, key, event_id, event_type, status, reason,
  message, attempts, first_failed_at, next_attempt_at
from parked where id > $1 and ($2::text is null or status = $2) order by id limit $3
"""
SHOW_SQL: Final = """
select id, consumer_group, topic, partition, position, key, event_id, event_type, status, reason,
  message, traceback, attempts, first_failed_at, next_attempt_at, headers, length(value) as bytes
from parked where id = $1
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a message is set aside, and whether it is tried again by itself."""

    status: str
    reason: str
    message: str
    traceback: str | None = None


@dataclass(frozen=True, slots=True)
class Aside:
    """A delivery that is set aside, and why."""

    delivery: Delivery
    fault: Fault


def behind(delivery: Delivery) -> Aside:
    """It is fine itself, but an earlier event of its key waits."""
    return Aside(delivery, Fault(HELD, "behind", "an earlier event of this key waits"))


def unreadable(delivery: Delivery) -> Aside:
    """It breaks the contract of its type."""
    return Aside(delivery, Fault(PARKED, "unreadable", delivery.flaw or ""))


def fault_of(error: Exception) -> Fault:
    """What a handler's error says: held when it came too early, parked when it is hopeless."""
    match error:
        case NotYet():
            return Fault(HELD, "not_yet", str(error)[:MESSAGE_CHARACTERS_MAX])
        case Refused():
            return Fault(PARKED, "refused", error.message[:MESSAGE_CHARACTERS_MAX])
        case _:
            # The message of a stranger's error may repeat a value; its type and frames do not.
            frames = "".join(traceback.format_tb(error.__traceback__))[-TRACEBACK_CHARACTERS_MAX:]
            return Fault(PARKED, "bug", type(error).__name__, frames)


async def put(tx: Transaction, group: str, asides: Sequence[Aside]) -> None:
    """Set messages aside, with key, bytes and headers as they came."""
    if not asides:
        return
    rows = [_row(aside) for aside in asides]
    columns = [list(column) for column in zip(*rows, strict=True)]
    await tx.execute(PUT_SQL, group, tx.now, *columns)


def _row(aside: Aside) -> tuple[object, ...]:
    record, heard = aside.delivery.record, aside.delivery.heard
    return (
        record.topic,
        record.partition,
        record.offset,
        record.key,
        record.value,
        json.dumps(record.headers).replace("\\u0000", ""),
        heard.id if heard else None,
        record.headers.get("ce_type"),
        aside.fault.status,
        aside.fault.reason,
        aside.fault.message.replace("\0", ""),
        aside.fault.traceback,
    )


async def destroy(tx: Transaction, group: str, keys: Sequence[str]) -> None:
    """Forget what is set aside of these people: they are erased."""
    if keys:
        await tx.execute(DESTROY_SQL, group, list(keys))


async def listed(
    reader: Reader, *, after: int, status: str | None, limit: int
) -> list[dict[str, object]]:
    """Messages set aside, oldest first, without their bytes."""
    rows = await reader.fetch(LIST_SQL, after, status, min(limit, PAGE_MAX))
    return [dict(row) for row in rows]


async def shown(reader: Reader, parked_id: int) -> dict[str, object]:
    """One of them, with traceback and headers; of its value only the size. Raises `NotFound`."""
    row = await reader.fetchrow(SHOW_SQL, parked_id)
    if row is None:
        raise NotFound(f"no message {parked_id} is set aside", field="id")
    return dict(row)


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """A message that is about to be tried again."""

    id: int
    record: Record
    attempts: int
    first_failed_at: datetime
