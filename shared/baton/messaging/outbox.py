"""The outbox: what a transaction says, written as rows in that same transaction.

The columns follow Debezium's outbox event router, so that Debezium can take the relay's place.
"""

import itertools
import os
import re
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Final, NamedTuple

import orjson

from baton.contracts.envelope import (
    CONTENT_TYPE,
    SPEC_VERSION,
    Event,
    Tombstone,
    headers_of,
    instant_text,
)
from baton.contracts.fact import Fact
from baton.contracts.topics import Topic
from baton.database import Connection, columns_of, json_text

COLUMNS: Final = "id, aggregatetype, aggregateid, type, payload, headers, shard"
ROWS_SQL: Final = f"""
insert into outbox ({COLUMNS})
select id, topic, key, type, convert_to(payload, 'UTF8'), headers, shard
from json_to_recordset($1::json)
  as n (id uuid, topic text, key text, type text, payload text, headers text, shard smallint)
"""  # noqa: S608 our own columns
"""Rows travel as one JSON text: PostgreSQL takes it apart more cheaply than Python makes arrays."""
TALLY_SQL: Final = """
insert into tallies as t (name, slot, count)
select name, $1, count from unnest($2::text[], $3::bigint[]) as n (name, count) order by name
on conflict (name, slot) do update set count = t.count + excluded.count
"""
WORK_SQL: Final = """
insert into work (id, kind, payload, due_at, created_at)
select id, kind, payload::jsonb, due_at, created_at
from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
  as n (id, kind, payload, due_at, created_at)
"""
FEED_SQL: Final = """
insert into feed_items (feed, key, item, created_at)
select feed, key, item::jsonb, created_at
from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
  as n (feed, key, item, created_at)
"""
AUDIT_SQL: Final = """
insert into audit_log (id, at, who, what, subject, old, new)
select id, at, who, what, subject, old::jsonb, new::jsonb
from unnest(
  $1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]
) as n (id, at, who, what, subject, old, new)
"""
SLOTS: Final = 64
"""Counters are spread over slots, so that two processes do not wait for one row."""
OWN_SLOT: Final = os.getpid() % SLOTS
_turns: Final = itertools.cycle(range(4))


def next_slot() -> int:
    """A slot for one transaction: the next few of this process have others."""
    return (OWN_SLOT + next(_turns)) % SLOTS


class Outgoing(NamedTuple):
    """A row of the outbox before its shard is known; a tuple, since many are made."""

    id: str
    topic: str
    key: str
    type: str
    payload: str | None
    headers: str


def outgoing(event: Event[Fact], topic: Topic) -> Outgoing:
    """An event as it will travel."""
    payload = event.data.__pydantic_serializer__.to_json(event.data, exclude_none=True).decode()
    headers = orjson.dumps(headers_of(event)).decode()
    return Outgoing(event.id, topic.name, event.key, event.type, payload, headers)


def farewell(tombstone: Tombstone, topic: Topic, *, source: str) -> Outgoing:
    """A tombstone as it will travel: headers and no value."""
    headers = {
        "content-type": CONTENT_TYPE,
        "ce_specversion": SPEC_VERSION,
        "ce_id": tombstone.id,
        "ce_type": tombstone.type,
        "ce_source": source,
        "ce_subject": tombstone.key,
        "ce_time": instant_text(tombstone.recorded_at),
        "ce_recordedtime": instant_text(tombstone.recorded_at),
        "ce_correlationid": tombstone.correlation_id,
    }
    return Outgoing(
        tombstone.id,
        topic.name,
        tombstone.key,
        tombstone.type,
        None,
        orjson.dumps(headers).decode(),
    )


def rows_json(rows: list[Outgoing], shards: int) -> str:
    """The rows as the JSON text that `ROWS_SQL` takes, in order."""
    return orjson.dumps(
        [
            {
                "id": row.id,
                "topic": row.topic,
                "key": row.key,
                "type": row.type,
                "payload": row.payload,
                "headers": row.headers,
                "shard": zlib.crc32(row.key.encode()) % shards,
            }
            for row in rows
        ]
    ).decode()


@dataclass(slots=True)
class Pending:
    """What a transaction wants told, done, fed, counted and recorded, until it is written."""

    outgoing: list[Outgoing] = field(default_factory=list)
    work: list[tuple[object, ...]] = field(default_factory=list)
    feed: list[tuple[object, ...]] = field(default_factory=list)
    audit: list[tuple[object, ...]] = field(default_factory=list)
    tallies: Counter[str] = field(default_factory=Counter)
    has_said: bool = False
    after_commit: list[Callable[[datetime], None]] = field(default_factory=list)

    def order_work(self, work_id: str, kind: str, payload: object, *times: object) -> None:
        """Add a row of the work table; `times` are when it is due and when it was ordered."""
        self.work.append((work_id, kind, json_text(payload), *times))

    def is_unwritten(self) -> bool:
        """Whether anything is left to write."""
        return bool(self.outgoing or self.work or self.feed or self.audit or self.tallies)

    def wakes(self) -> bool:
        """Whether somebody waits for this after commit."""
        return bool(self.has_said or self.outgoing or self.work or self.feed)


@cache
def with_pending(with_sql: str, first: int) -> str:
    """A `with …` statement that also writes events and tallies, as parameters behind the first."""
    said, tallied = _behind(ROWS_SQL, first), _behind(TALLY_SQL, first + 1)
    return f"{with_sql}, said as ({said}), tallied as ({tallied}) select 1"


def _behind(sql: str, first: int) -> str:
    return re.sub(r"\$(\d+)", lambda match: f"${int(match[1]) + first}", sql)


def take(pending: Pending, shards: int) -> list[object]:
    """The arguments of `with_pending`; what is taken is not pending any more."""
    arguments: list[object] = [
        rows_json(pending.outgoing, shards),
        next_slot(),
        list(pending.tallies),
        list(pending.tallies.values()),
    ]
    pending.has_said = pending.has_said or bool(pending.outgoing)
    pending.outgoing.clear()
    pending.tallies.clear()
    return arguments


async def write(connection: Connection, pending: Pending, shards: int) -> None:
    """Write everything that is pending, as sets."""
    if pending.outgoing:
        await connection.execute(ROWS_SQL, rows_json(pending.outgoing, shards))
    for sql, rows in (
        (WORK_SQL, pending.work),
        (FEED_SQL, pending.feed),
        (AUDIT_SQL, pending.audit),
    ):
        if rows:
            await connection.execute(sql, *columns_of(rows, len(rows[0])))
    # Last, because these rows are the ones that other transactions of this process also touch.
    if pending.tallies:
        names, counts = list(pending.tallies), list(pending.tallies.values())
        await connection.execute(TALLY_SQL, next_slot(), names, counts)
