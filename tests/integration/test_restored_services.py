"""Scoring and routing, restored: who was forgotten since is forgotten before the doors open."""

from collections.abc import Callable
from typing import Any

import pytest

import lead_scoring.__main__
import sales_routing.__main__
from baton.contracts.envelope import headers_of
from baton.contracts.marketing import PersonErased
from baton.contracts.topics import LEADS
from baton.ids import new_id
from baton.messaging.kafka import KafkaAccess, KafkaSender, Letter, create_topics
from baton.parts import Parts
from lead_scoring.handlers.policies import ensure_policy
from lead_scoring.settings import ScoringSettings
from sales_routing.settings import Settings
from support.databases import Templates
from support.facts import a_lead_captured, an_event
from support.infrastructure import Addresses
from support.open_services import OpenService, open_service, plain_settings

HEARD_SQL = """
insert into consumer_offsets (consumer_group, topic, partition, position) values ($1, $2, 0, 1)
"""
CASES: dict[str, tuple[Callable[..., Parts], Any, str]] = {
    "lead_scoring": (
        lead_scoring.__main__.parts_of,
        ScoringSettings,
        "select person_id from erasures",
    ),
    "sales_routing": (
        sales_routing.__main__.parts_of,
        Settings,
        "select person_id from people where erased_at is not null",
    ),
}


@pytest.mark.parametrize("database", CASES)
async def test_a_restored_service_hears_erasures_before_its_doors_open(
    infrastructure: Addresses, templates: Templates, database: str
) -> None:
    parts_of, settings, sql = CASES[database]
    access = KafkaAccess(infrastructure.kafka_bootstrap, "test", topic_prefix=f"t{new_id()}.")
    person_id = await say_that_somebody_was_forgotten(access)
    values = plain_settings(await templates.copy(database)) | {
        "kafka_bootstrap": access.bootstrap,
        "topic_prefix": access.topic_prefix,
        "restored": True,
    }
    async with open_service(parts_of(settings.model_validate(values))) as opened:
        await hear_what_came_before_the_backup(opened)
        erasures = opened.service.erasures
        assert erasures is not None
        erasures.is_begun = True

        before = (await opened.client.get("/readyz")).status_code
        await erasures.look_back()
        after = (await opened.client.get("/readyz")).status_code

        assert (before, after) == (503, 200)
        assert await opened.fetch(sql) == [{"person_id": person_id}]


async def say_that_somebody_was_forgotten(access: KafkaAccess) -> str:
    """A lead and its person's erasure, in the log."""
    await create_topics(access, (LEADS,), partitions=1, replicas=1)
    person_id = new_id()
    events = [an_event(a_lead_captured(person_id)), an_event(PersonErased(person_id=person_id))]
    letters = [
        Letter(LEADS.name, one.key, one.data.model_dump_json().encode(), headers_of(one))
        for one in events
    ]
    sender = KafkaSender(access)
    assert all(await sender.send(letters))
    await sender.stop()
    return person_id


async def hear_what_came_before_the_backup(opened: OpenService) -> None:
    """The lead was heard, its person's erasure not yet."""
    name = opened.service.parts.name
    await opened.execute(HEARD_SQL, name, LEADS.name)
    if name == "lead-scoring":
        async with opened.service.transactions.begin() as tx:
            await ensure_policy(tx)
