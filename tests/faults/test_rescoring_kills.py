"""`kill -9` in the middle of a re-scoring and of a diff: nobody twice, nothing half-done served."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest_asyncio

from baton.contracts.topics import TOPICS
from baton.ids import new_id
from baton.messaging.kafka import KafkaAccess, create_topics
from launcher.ports import free_port
from launcher.processes import ChildProcess
from launcher.topology import SERVICES
from support.databases import MakeTransactions, Templates
from support.eventually import eventually
from support.infrastructure import Addresses
from support.running_services import environment, master_key, until_ready
from support.scoring_desk import a_weak_lead, make_desk_on

PEOPLE = 600
BATCH = 20
LOW = {"name": "Low", "line": {"points": 0}}
LEAD_SQL = """
select from leads where lead_id = (
  select lead_id from facts order by person_id offset {nth} limit 1
) for update
"""
"""Receipts are written before leads: a batch that waits for one has half of it done."""
WAITING_SQL = """
select count(*) from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock'
"""
END_WAITING_SQL = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock'
"""
SERVED_SQL = """
select (select people from publications order by number desc limit 1) as people,
  (select count(*) from receipts where policy_version = $1) as receipts,
  (select count(*) from leads where state = 'qualified') as qualified
"""
ONCE_SQL = """
select count(*) as people, max(receipts) as most from (
  select person_id, count(*) as receipts from receipts where policy_version = $1 group by 1
) one
"""
SAID_SQL = """
select (select coalesce(sum(count), 0) from tallies where name = $1)
  + (select count(*) from outbox where type = $2)
"""


@dataclass
class Killed:
    """Scoring as a process that dies and is started again, and its database."""

    process: ChildProcess
    client: httpx.AsyncClient
    connection: asyncpg.Connection

    async def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """One call that must succeed."""
        answer = await self.client.request(method, path, json=body)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    @asynccontextmanager
    async def dying_at(self, url: str, sql: str) -> AsyncIterator[None]:
        """Hold a lock in its database; `kill -9` when it waits for that, then let it be started."""
        holder = await asyncpg.connect(url)
        transaction = holder.transaction()
        await transaction.start()
        await holder.execute(sql)
        yield
        await eventually(lambda: self.connection.fetchval(WAITING_SQL))
        self.process.kill()
        # PostgreSQL would finish what the dead had asked for, as soon as it may.
        await holder.execute(END_WAITING_SQL)
        await transaction.rollback()
        await holder.close()

    async def start_again(self) -> None:
        """Start it, and wait until it answers."""
        self.process.start()
        await until_ready(self.process, self.client)


@dataclass
class Scene:
    """A scoring to be killed, and where its database is."""

    killed: Killed
    url: str


@pytest_asyncio.fixture
async def scene(
    infrastructure: Addresses, templates: Templates, make_transactions: MakeTransactions,
    tmp_path: Path,
) -> AsyncIterator[Scene]:  # fmt: skip
    """Scoring with many weak leads, as a process of its own."""
    url = await templates.copy("lead_scoring")
    desk = await make_desk_on(make_transactions, url)
    await desk.hear(*(a_weak_lead(new_id()) for _ in range(PEOPLE)))
    async with _running(infrastructure, url, tmp_path) as killed:
        yield Scene(killed, url)


@asynccontextmanager
async def _running(infrastructure: Addresses, url: str, folder: Path) -> AsyncIterator[Killed]:
    (spec,) = [one for one in SERVICES if one.name == "lead-scoring"]
    access = KafkaAccess(infrastructure.kafka_bootstrap, "test", topic_prefix=f"t{new_id()}.")
    await create_topics(access, TOPICS, partitions=1, replicas=1)
    port = free_port()
    told = environment(spec, url, access, port) | {"BATON_BATCH_MAX": str(BATCH)}
    process = ChildProcess(spec.name, spec.command(), folder / "log", {**os.environ, **told})
    async with AsyncExitStack() as stack:
        process.start()
        stack.callback(process.stop)
        client = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", headers=await master_key(url), timeout=30
        )
        await stack.enter_async_context(client)
        connection = await asyncpg.connect(url)
        stack.push_async_callback(connection.close)
        await until_ready(process, client)
        yield Killed(process, client, connection)


async def test_a_rescoring_that_is_killed_scores_each_person_once_and_serves_nothing_half_done(
    scene: Scene,
) -> None:
    killed, served = scene.killed, []
    version = (await killed.ask("POST", "/v1/policies", LOW))["version"]

    async with killed.dying_at(scene.url, LEAD_SQL.format(nth=PEOPLE // 4)):
        await killed.ask("POST", f"/v1/policies/{version}/publish")
    served += await killed.connection.fetch(SERVED_SQL, version)
    async with killed.dying_at(scene.url, LEAD_SQL.format(nth=PEOPLE // 2)):
        await killed.start_again()
    served += await killed.connection.fetch(SERVED_SQL, version)
    await killed.start_again()
    ended = await eventually(
        lambda: killed.ask("GET", f"/v1/policies/{version}/rescoring"),
        lambda one: one["rescoring"] == "ended",
        seconds_max=60,
    )

    assert [one["people"] for one in served] == [PEOPLE // 4 // BATCH * BATCH, PEOPLE // 2]
    assert all(one["people"] == one["receipts"] == one["qualified"] for one in served)
    (once,) = await killed.connection.fetch(ONCE_SQL, version)
    type_ = "io.baton.ProspectQualified.v1"
    said = await killed.connection.fetchval(SAID_SQL, f"published:{type_}", type_)
    assert (ended["people"], ended["said"]) == (PEOPLE, PEOPLE)
    assert (once["people"], once["most"], said) == (PEOPLE, 1, PEOPLE)
    verified = await killed.ask("GET", "/v1/receipts/verify")
    assert (verified["checked"], verified["different"]) == (1000, 0)


async def test_a_diff_that_is_killed_counts_everybody_once(scene: Scene) -> None:
    killed = scene.killed
    version = (await killed.ask("POST", "/v1/policies", LOW))["version"]

    async with killed.dying_at(scene.url, "lock table diff_people in exclusive mode"):
        diff = await killed.ask("POST", f"/v1/policies/{version}/diff")
    await killed.start_again()
    ended = await eventually(
        lambda: killed.ask("GET", f"/v1/diffs/{diff['diff_id']}"),
        lambda one: one["status"] == "ended",
        seconds_max=60,
    )

    assert (ended["people"], ended["total"]["newly"]["people"]) == (PEOPLE, PEOPLE)
