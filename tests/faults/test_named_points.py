"""The moments that matter: after the commit, after the send, before the offset."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from faults.campaign import Campaign
from support.auditor.evidence import gather
from support.eventually import eventually

LEADS = 12
WAITING_SQL = """
select count(*) from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock'
"""
PUBLISHED_SQL = "select from tallies where name like 'published:%' for update"
END_WAITING_SQL = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock'
"""


@asynccontextmanager
async def _locked(url: str, sql: str) -> AsyncIterator[asyncpg.Connection]:
    """Hold a lock in a service's database from outside, until the block ends."""
    connection = await asyncpg.connect(url)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(sql)
    try:
        yield connection
    finally:
        await transaction.rollback()
        await connection.close()


async def _count(url: str, sql: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        found: int = await connection.fetchval(sql)
        return found
    finally:
        await connection.close()


async def test_intake_dies_after_the_commit_and_before_the_send(campaign: Campaign) -> None:
    yard, database = campaign.yard, campaign.yard.databases.intake

    async def faults() -> None:
        yard.process("kafka").send(signal.SIGSTOP)
        # HTTP never waits for Kafka: leads go on being answered, and stay in the outbox.
        await eventually(lambda: _count(database, "select count(*) from outbox"), lambda n: n >= 4)
        await campaign.kill("marketing-intake")
        yard.process("kafka").send(signal.SIGCONT)

    verdict = await campaign.run(faults, leads=LEADS, per_second=20)

    assert verdict.findings() == []


async def test_intake_dies_after_the_send_and_before_the_row_is_removed(
    campaign: Campaign,
) -> None:
    yard, database = campaign.yard, campaign.yard.databases.intake
    repeated: list[str] = []

    async def said() -> list[str]:
        evidence = await gather(yard.bootstrap, yard.databases)
        captured = [one.id for one in evidence.said if one.type == "LeadCaptured"]
        rows = await _ids_in_outbox(database)
        return [one for one in captured if one in rows]

    async def faults() -> None:
        # The relay removes rows and counts them by one statement; the count has to wait.
        async with _locked(database, PUBLISHED_SQL) as holder:
            repeated.extend(await eventually(said))
            await campaign.kill("marketing-intake")
            # PostgreSQL would finish what the dead had asked for, as soon as it may.
            await holder.execute(END_WAITING_SQL)

    await campaign.run(_nothing, leads=1, per_second=20)  # so that there is a count to lock
    verdict = await campaign.run(faults, leads=LEADS, per_second=20)

    evidence = await gather(yard.bootstrap, yard.databases)
    said_ids = [one.id for one in evidence.said]
    assert said_ids.count(repeated[0]) > 1, "what was sent before the kill was not sent again"
    assert verdict.findings() == []


@pytest.mark.parametrize(
    ("service", "table"), [("lead-scoring", "receipts"), ("sales-routing", "offers")]
)
async def test_a_service_dies_with_everything_written_and_nothing_committed(
    campaign: Campaign, service: str, table: str
) -> None:
    databases = campaign.yard.databases
    database = databases.scoring if service == "lead-scoring" else databases.routing

    async def faults() -> None:
        async with _locked(database, f"lock table {table} in exclusive mode"):
            await eventually(lambda: _count(database, WAITING_SQL))
            await campaign.kill(service)

    verdict = await campaign.run(faults, leads=LEADS, per_second=20)

    assert verdict.findings() == []


async def _ids_in_outbox(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        return {row["id"] for row in await connection.fetch("select id::text from outbox")}
    finally:
        await connection.close()


async def _nothing() -> None:
    """No fault."""
