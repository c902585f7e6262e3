"""A database that came back from a backup holds nobody who was forgotten since, once it is open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import orjson
import pytest_asyncio

from baton.contracts.topics import LEADS
from baton.ids import new_id
from baton.messaging.erasures import Erasures
from baton.messaging.kafka import KafkaAccess, KafkaSender, Letter, create_topics
from support.databases import Templates
from support.eventually import eventually
from support.infrastructure import Addresses
from support.intake_door import IntakeDoor, open_intake

TAKE_SQL = """
delete from outbox where aggregatetype = $1 returning aggregateid, payload, headers
"""


@dataclass(frozen=True)
class Site:
    """Where an intake runs: its topics, and databases that can be copied."""

    access: KafkaAccess
    templates: Templates

    @asynccontextmanager
    async def intake(self, url: str, **settings: object) -> AsyncIterator[IntakeDoor]:
        """Intake on this database and these topics; its loops do not run."""
        prefix = {"topic_prefix": self.access.topic_prefix}
        kafka = {"kafka_bootstrap": self.access.bootstrap}
        async with open_intake(url, **(kafka | prefix | settings)) as opened:
            looking_back(opened).is_begun = True
            yield opened

    async def publish(self, intake: IntakeDoor) -> None:
        """Send what waits for the leads' topic, as the relay would."""
        async with intake.opened.service.transactions.begin() as tx:
            rows = await tx.fetch(TAKE_SQL, LEADS.name)
        letters = [
            Letter(LEADS.name, row["aggregateid"], row["payload"], orjson.loads(row["headers"]))
            for row in rows
        ]
        sender = KafkaSender(self.access)
        assert all(await sender.send(letters))
        await sender.stop()


@pytest_asyncio.fixture
async def site(infrastructure: Addresses, templates: Templates) -> Site:
    """Topics of this test alone."""
    access = KafkaAccess(infrastructure.kafka_bootstrap, "test", topic_prefix=f"t{new_id()}.")
    await create_topics(access, (LEADS,), partitions=2, replicas=1)
    return Site(access, templates)


def looking_back(intake: IntakeDoor) -> Erasures:
    """What applies recorded erasures again."""
    erasures = intake.opened.service.erasures
    assert erasures is not None
    return erasures


async def readiness(intake: IntakeDoor) -> tuple[int, str]:
    """Whether the doors are open, and what of the erasures."""
    answer = await intake.client.get("/readyz")
    return answer.status_code, answer.json()["checks"]["erasures"]


async def forgotten_after_a_backup(site: Site) -> tuple[str, str, str]:
    """The database, a backup of it, and somebody who was forgotten after that was made."""
    url = await site.templates.copy("marketing_intake")
    async with site.intake(url) as intake:
        lead = await intake.taken(await intake.source())
        await site.publish(intake)
        await looking_back(intake).look_back()
    backup = await site.templates.duplicate(url)
    async with site.intake(url) as intake:
        answer = await intake.client.delete(f"/v1/people/{lead['person_id']}", headers=intake.admin)
        assert answer.status_code == 204
        await site.publish(intake)
    return url, backup, lead["person_id"]


async def cards(intake: IntakeDoor) -> list[dict[str, object]]:
    """The cards of everybody."""
    return [row["card"] for row in await intake.opened.fetch("select card from people")]


async def test_the_doors_stay_shut_until_the_forgotten_are_forgotten_again(site: Site) -> None:
    _, backup, _ = await forgotten_after_a_backup(site)

    async with site.intake(backup) as restored:
        before = await readiness(restored), await cards(restored)
        count = await looking_back(restored).look_back()
        after = await readiness(restored), await cards(restored)

    assert before[0] == (503, "being looked for in the log")
    assert before[1][0]["email"] == "ada@example.org"
    assert count == 1
    assert after == ((200, "ok"), [{}])


async def test_a_list_does_not_bring_them_back_after_the_restore(site: Site) -> None:
    _, backup, _ = await forgotten_after_a_backup(site)

    async with site.intake(backup) as restored:
        await looking_back(restored).look_back()

        assert await restored.count("suppressions") == 1


async def test_what_lies_before_the_mark_is_not_read_again(site: Site) -> None:
    url, _, _ = await forgotten_after_a_backup(site)

    async with site.intake(url) as intake:
        first = await looking_back(intake).look_back()
    async with site.intake(url) as intake:
        second = await looking_back(intake).look_back()
        everything = await looking_back(intake).look_back(from_beginning=True)

    assert (first, second, everything) == (1, 0, 1)


async def test_a_database_that_is_put_back_under_a_running_service_is_noticed(site: Site) -> None:
    url, _, _ = await forgotten_after_a_backup(site)

    async with site.intake(url) as intake:
        erasures = looking_back(intake)
        await erasures.look_back()
        await intake.opened.execute(
            "update consumer_offsets set position = greatest(position - 1, 0)"
        )
        await erasures.move_mark()
        noticed = await readiness(intake)
        await erasures.look_back()

        assert noticed == (503, "being looked for in the log")
        assert await readiness(intake) == (200, "ok")


async def test_the_mark_moves_on_while_the_service_runs(site: Site) -> None:
    url, _, person_id = await forgotten_after_a_backup(site)

    async with site.intake(url) as intake:
        await looking_back(intake).look_back()
        before = await marks(intake)
        await intake.taken(await intake.source("another"))
        await site.publish(intake)
        await looking_back(intake).move_mark()

        assert person_id
        assert sum(await marks(intake)) == sum(before) + 1


async def marks(intake: IntakeDoor) -> list[int]:
    """Up to where the log is true of the database."""
    rows = await intake.opened.fetch(
        "select position from consumer_offsets where consumer_group = 'marketing-intake.erasures'"
    )
    return [row["position"] for row in rows]


async def test_without_kafka_only_a_restored_service_stays_shut(site: Site) -> None:
    url = await site.templates.copy("marketing_intake")
    found = []

    for is_restored in (False, True):
        async with site.intake(url, kafka_bootstrap="127.0.0.1:1", restored=is_restored) as intake:
            await run_once(looking_back(intake))
            found.append(await readiness(intake))

    assert found == [(200, "the log is not reachable"), (503, "the log is not reachable")]


async def run_once(erasures: Erasures) -> None:
    """Let the loop meet the outage, and end it."""
    stop = asyncio.Event()
    running = asyncio.create_task(erasures.run(stop))

    async def is_met() -> bool:
        return erasures.is_log_away

    await eventually(is_met)
    stop.set()
    await running
