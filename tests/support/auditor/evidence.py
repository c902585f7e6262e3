"""Everything that topics and databases hold after a run, as plain values."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
from aiokafka import AIOKafkaConsumer

TOPICS: Final = ("marketing.leads.v1", "scoring.prospects.v1", "sales.handoffs.v1")
POLL_MS: Final = 1000
INTAKE_SQL: Final = """
select l.id::text as lead_id, l.person_id::text, l.state, convert_from(p.body, 'UTF8') as body
from leads l left join payloads p on p.id = l.id
"""
SCORING_SQL: Final = """
with counted as (
  select lead_id, count(*) as receipts from receipts where lead_id is not null
  group by lead_id, result
)
select l.lead_id::text, l.state, coalesce(max(c.receipts), 0) as receipts
from leads l left join counted c on c.lead_id = l.lead_id group by l.lead_id
"""
"""A lead may be nurtured, qualified and taken back, but each of them once."""
ROUTING_SQL: Final = """
select l.lead_id::text, p.id::text as prospect_id, p.state, p.rep_id::text
from prospect_leads l join prospects p on p.id = l.prospect_id
"""
OFFERS_SQL: Final = "select prospect_id::text, rep_id::text, state from offers"
OUTCOMES_SQL: Final = "select prospect_id::text, deal_id, version, outcome from outcomes"
POSITIONS_SQL: Final = """
select topic, partition, position from consumer_offsets
where consumer_group not like '%.erasures'
"""
"""The mark by which a restore is noticed lies there too; it moves by the clock, hearing nothing."""
LEFT_SQL: Final = (
    "select (select count(*) from outbox) + (select count(*) from parked) as rows_left"
)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """One record of a topic."""

    topic: str
    partition: int
    offset: int
    id: str
    type: str
    """Its short name: `LeadCaptured`."""
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Databases:
    """Where each service keeps its rows."""

    intake: str
    scoring: str
    routing: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found."""

    said: Sequence[Said]
    """In the order of each partition."""
    intake_leads: Sequence[Row]
    scored_leads: Sequence[Row]
    prospect_leads: Sequence[Row]
    offers: Sequence[Row]
    sales_outcomes: Sequence[Row]
    learned_outcomes: Sequence[Row]
    left: int
    """Rows that wait in an outbox or a park."""


async def gather(bootstrap: str, databases: Databases) -> Evidence:
    """Read every topic from its beginning to its end, and every table."""
    return Evidence(
        said=await _said(bootstrap),
        intake_leads=await _rows(databases.intake, INTAKE_SQL),
        scored_leads=await _rows(databases.scoring, SCORING_SQL),
        prospect_leads=await _rows(databases.routing, ROUTING_SQL),
        offers=await _rows(databases.routing, OFFERS_SQL),
        sales_outcomes=await _rows(databases.routing, OUTCOMES_SQL),
        learned_outcomes=await _rows(databases.scoring, OUTCOMES_SQL),
        left=sum([(await _rows(url, LEFT_SQL))[0]["rows_left"] for url in _urls(databases)]),
    )


async def is_at_rest(bootstrap: str, databases: Databases) -> bool:
    """Whether nothing moves any more: outboxes empty, every group at the end of what it hears."""
    for url in _urls(databases):
        if await _rows(url, "select from outbox limit 1"):
            return False
    ends = await _ends(bootstrap)
    for url in _urls(databases):
        positions = {
            (row["topic"], row["partition"]): row["position"]
            for row in await _rows(url, POSITIONS_SQL)
        }
        heard = {topic for topic, _ in positions}
        for place, end in ends.items():
            if place[0] in heard and positions.get(place, 0) < end:
                return False
    return True


def _urls(databases: Databases) -> tuple[str, ...]:
    return databases.intake, databases.scoring, databases.routing


async def _rows(url: str, sql: str) -> list[Row]:
    connection = await asyncpg.connect(url)
    try:
        return [dict(row) for row in await connection.fetch(sql)]
    finally:
        await connection.close()


async def _ends(bootstrap: str) -> dict[tuple[str, int], int]:
    consumer = AIOKafkaConsumer(*TOPICS, bootstrap_servers=bootstrap)
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
    finally:
        await consumer.stop()
    return {(place.topic, place.partition): end for place, end in ends.items()}


async def _said(bootstrap: str) -> list[Said]:
    consumer = AIOKafkaConsumer(
        *TOPICS, bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    found: list[Said] = []
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                found += [_one(record) for record in records]
    finally:
        await consumer.stop()
    return sorted(found, key=lambda one: (one.topic, one.partition, one.offset))


def _one(record: Any) -> Said:
    headers = {name: value.decode() for name, value in record.headers}
    return Said(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        id=headers["ce_id"],
        type=headers["ce_type"].split(".")[2],
        data=json.loads(record.value) if record.value else {},
    )
