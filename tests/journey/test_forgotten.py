"""A marked person is forgotten; no mark is left anywhere, and the log still replays."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio

import lead_scoring.__main__
import marketing_intake.__main__
import sales_routing.__main__
from baton.contracts.topics import CONTACTS
from lead_scoring.consumers import SUBSCRIPTIONS
from lead_scoring.handlers.policies import ensure_policy
from lead_scoring.settings import ScoringSettings
from marketing_intake.settings import IntakeSettings
from sales_routing.consumers import subscriptions
from sales_routing.settings import Settings
from support.canary import (
    LEAD,
    MARKS,
    Seen,
    go_all_the_way,
    look_everywhere,
    made,
    make_team,
    park_a_card_of,
    until,
)
from support.databases import MakeTransactions, Templates
from support.eventually import eventually
from support.infrastructure import Addresses
from support.open_services import open_service, plain_settings
from support.reading_pages import show, sign_in
from support.replaying import all_of, replay
from support.running_services import Running, running_services
from support.sales_office import CLOCKS
from support.whole_database import everything_kept

PARTS: dict[str, tuple[Any, Any, str]] = {
    "marketing-intake": (
        marketing_intake.__main__.parts_of, IntakeSettings, "/leads/{lead_id}",
    ),
    "lead-scoring": (lead_scoring.__main__.parts_of, ScoringSettings, "/"),
    "sales-routing": (sales_routing.__main__.parts_of, Settings, "/"),
}  # fmt: skip


@pytest_asyncio.fixture
async def running(
    infrastructure: Addresses, templates: Templates, tmp_path: Path
) -> AsyncIterator[Running]:
    """The three services."""
    async with running_services(infrastructure, templates, tmp_path) as services:
        yield services


async def test_no_mark_of_a_forgotten_person_is_left_anywhere(running: Running) -> None:
    lead = await go_all_the_way(running)
    await park_a_card_of(lead["person_id"], running)
    before = await look_inside(running, lead)

    await forget(running, lead["person_id"])
    after = await look_inside(running, lead)
    seen = await look_everywhere(running, lead, expected=(200, 404))

    assert {"people", "payloads", "identifiers"} <= {place.split()[-1] for place in before.leaks()}
    assert {"marketing-intake page", "sales-routing parked"} <= before.leaks().keys()
    assert after.leaks() == {}
    assert seen.leaks() == {}


async def forget(running: Running, person_id: str) -> None:
    """Erase somebody, and wait until everybody has heard of it and everything is sent."""
    intake = running.clients["marketing-intake"]
    answer = await intake.delete(f"/v1/people/{person_id}")
    assert answer.status_code == 204, answer.text

    async def places() -> bool:
        tables = {name: await everything_kept(url) for name, url in running.databases.items()}
        return (
            not tables["marketing-intake"]["outbox"]
            and person_id.encode() in tables["lead-scoring"]["erasures"]
            and b"erased" in tables["sales-routing"]["prospects"]
            and not tables["sales-routing"]["parked"]
        )

    await eventually(places, seconds_max=60)


async def look_inside(running: Running, lead: dict[str, str]) -> Seen:
    """Every table, what a manager's pages show, and the latest card under each key."""
    seen = Seen()
    for name, url in running.databases.items():
        for table, text in (await everything_kept(url)).items():
            seen.texts[f"{name} {table}"] = text
        parts_of, settings, path = PARTS[name]
        parts = parts_of(settings.model_validate(plain_settings(url)))
        async with open_service(parts) as opened:
            await sign_in(opened, "manager")
            page = await show(opened, path.format(**lead))
        seen.texts[f"{name} page"] = page.encode()
    latest = {record.key: record.value or b"" for record in await all_of(running.access, CONTACTS)}
    seen.texts["cards"] = b"\n".join(latest.values())
    return seen


async def test_the_log_still_replays_after_somebody_was_forgotten(
    running: Running, make_transactions: MakeTransactions
) -> None:
    lead = await go_all_the_way(running)
    kept = await another_lead(running)
    await forget(running, lead["person_id"])

    scoring = await make_transactions("lead_scoring")
    async with scoring.begin() as tx:
        await ensure_policy(tx)
    await replay("lead-scoring", SUBSCRIPTIONS, scoring, running.access)
    routing = await make_transactions("sales_routing")
    await replay("sales-routing", subscriptions(CLOCKS), routing, running.access)

    async with scoring.read() as reader:
        rows = await reader.fetch("select lead_id, state from leads")
        assert not await reader.fetch("select id from parked")
    assert {row["lead_id"]: row["state"] for row in rows}[lead["lead_id"]] == "erased"
    assert kept in {row["lead_id"] for row in rows}
    async with routing.read() as reader:
        people = await reader.fetch("select person_id, email, erased_at from people")
        assert not await reader.fetch("select id from parked")
    forgotten = {row["person_id"]: row for row in people}[lead["person_id"]]
    assert (forgotten["email"], forgotten["erased_at"] is not None) == (None, True)
    assert any(row["email"] == "kept@example.org" for row in people)
    assert not any(MARKS.search(str(row["email"]).encode()) for row in people)


async def another_lead(running: Running) -> str:
    """Somebody who is not forgotten; their lead's id."""
    intake = running.clients["marketing-intake"]
    source = await made(intake, "/v1/sources", {"name": "another"})
    key = {"authorization": f"Bearer {source['api_key']}"}
    body = LEAD | {"email": "kept@example.org", "phone": None, "external_id": None}
    lead = await made(intake, "/v1/leads", body, **key)
    lead_id: str = lead["lead_id"]
    return lead_id


async def test_a_withdrawal_stops_an_offer_within_seconds(running: Running) -> None:
    intake, routing = running.clients["marketing-intake"], running.clients["sales-routing"]
    await make_team(routing)
    lead_id = await another_lead(running)
    offered = await until(intake, lead_id, "offered")

    await made(intake, f"/v1/people/{offered['person_id']}/consent", {"granted": []})

    async def stands() -> str:
        shown = (await routing.get(f"/v1/prospects/{offered['prospect_id']}")).json()
        state: str = shown["state"]
        return state

    await eventually(stands, lambda state: state == "withdrawn", seconds_max=5)
