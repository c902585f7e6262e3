"""Scoring and routing, each beside the bare loop: one process, the same events, in turns.

Both wait, stopped, while the events are put into the topic; then one goes on, and its time ends
when every event is handled and its outbox is empty.
"""

import signal
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
from aiokafka import AIOKafkaConsumer

from baton.contracts.topics import CONTACTS, LEADS, PROSPECTS, Topic
from baton.ids import new_id
from baton.messaging.kafka.topics import create_topics
from bench.bare_loop import OUT
from bench.events import captured, card, qualified, send_all
from bench.setting import make_team
from bench.yard import Yard, with_name
from launcher.processes import ChildProcess
from support.eventually import eventually

HANDLED: Final = """
select (select coalesce(sum(position), 0) from consumer_offsets where topic = $1) >= $2
  and not exists (select from outbox)
"""
BARE_HANDLED: Final = """
select (select coalesce(sum(position), 0) from offsets) >= $1
  and not exists (select from outbox)
"""
READY: Final = "select count(*) > 0 from offsets"


@dataclass(frozen=True, slots=True)
class Stage:
    """What one service handles."""

    service: str
    topic: Topic
    figure: str


SCORING: Final = Stage("lead-scoring", LEADS, "scoring")
ROUTING: Final = Stage("sales-routing", PROSPECTS, "routing")


async def measure_scoring(yard: Yard, *, rounds: int, events: int) -> dict[str, float]:
    """Leads decided a second, and the ratio to the bare loop; medians."""
    await yard.run_only(SCORING.service)
    source_id = new_id()

    async def fill() -> None:
        await send_all(yard.kafka, [captured(source_id) for _ in range(events)])

    return await _measure(yard, SCORING, fill, rounds=rounds, events=events)


async def measure_routing(yard: Yard, *, rounds: int, events: int) -> dict[str, float]:
    """Prospects offered a second, and the ratio to the bare loop; medians."""
    await yard.run_only(ROUTING.service)
    await make_team(yard, "bench routing")
    source_id = new_id()
    # Cards first: a prospect whose card is there is offered at once.
    heaps = [[qualified(source_id) for _ in range(events)] for _ in range(rounds + 1)]
    for heap in heaps:
        await send_all(yard.kafka, [card(one.person_id) for one in heap])
    ends = await _end_of(yard, CONTACTS.name)
    await yard.until(ROUTING.service, HANDLED, CONTACTS.name, ends)

    async def fill() -> None:
        await send_all(yard.kafka, heaps.pop())

    return await _measure(yard, ROUTING, fill, rounds=rounds, events=events)


async def _measure(
    yard: Yard, stage: Stage, fill: Callable[[], Awaitable[None]], *, rounds: int, events: int
) -> dict[str, float]:
    service = yard.installation.services[stage.service]
    await create_topics(
        yard.kafka, (Topic(OUT, owner="bench", key="person", events=()),), partitions=6, replicas=1
    )
    own_rates, bare_rates = [], []
    async with _bare_loop(yard, stage) as (bare, bare_url):
        for number in range(rounds + 1):
            for process in (service, bare):
                process.send(signal.SIGSTOP)
            await fill()
            ends = await _end_of(yard, stage.topic.name)
            bare_rate = events / await _timed(bare, bare_url, BARE_HANDLED, ends)
            url = yard.database_url(stage.service)
            own_rate = events / await _timed(service, url, HANDLED, stage.topic.name, ends)
            if number:  # the first round warms both up
                own_rates.append(own_rate)
                bare_rates.append(bare_rate)
    ratios = [own / bare for own, bare in zip(own_rates, bare_rates, strict=True)]
    return {
        f"{stage.figure}_ratio": statistics.median(ratios),
        f"{stage.figure}_events_per_second": statistics.median(own_rates),
        f"{stage.figure}_bare_events_per_second": statistics.median(bare_rates),
    }


async def _timed(process: ChildProcess, url: str, sql: str, *arguments: object) -> float:
    """Let a stopped process go on until it is so, and stop it again; returns the seconds."""
    connection = await asyncpg.connect(url)

    async def is_so() -> bool:
        return bool(await connection.fetchval(sql, *arguments))

    try:
        started = time.perf_counter()
        process.send(signal.SIGCONT)
        await eventually(is_so, seconds_max=120)
        ended = time.perf_counter()
        process.send(signal.SIGSTOP)
    finally:
        await connection.close()
    return ended - started


@asynccontextmanager
async def _bare_loop(yard: Yard, stage: Stage) -> AsyncIterator[tuple[ChildProcess, str]]:
    name = f"bare_{stage.figure}"
    admin = await asyncpg.connect(yard.installation.infrastructure.postgres_url)
    await admin.execute(f"drop database if exists {name}")
    await admin.execute(f"create database {name}")
    await admin.close()
    url = with_name(yard.installation.infrastructure.postgres_url, name)
    places = (yard.kafka.bootstrap, stage.topic.name, url)
    command = [sys.executable, "-m", "bench.bare_loop", *places]
    log = yard.installation.settings.folder / "logs" / f"{name}.log"
    process = ChildProcess(name, command, log, folder=Path(__file__).parents[1])
    process.start()
    try:
        await eventually(lambda: _is_ready(url), seconds_max=30)
        yield process, url
    finally:
        process.send(signal.SIGCONT)
        process.kill()
        yard.installation.services[stage.service].send(signal.SIGCONT)


async def _is_ready(url: str) -> bool:
    connection = await asyncpg.connect(url)
    try:
        return bool(await connection.fetchval(READY))
    except asyncpg.UndefinedTableError:
        return False
    finally:
        await connection.close()


async def _end_of(yard: Yard, topic: str) -> int:
    """How many records the topic has had."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=yard.kafka.bootstrap)
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        return sum(ends.values())
    finally:
        await consumer.stop()
