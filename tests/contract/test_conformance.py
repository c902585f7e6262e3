"""Each HTTP door keeps its own OpenAPI document: never 500, and every answer is as described."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from prometheus_client import CollectorRegistry

from baton.auth import api_keys
from baton.clock import HandClock
from baton.ids import new_id
from baton.parts import Parts
from lead_scoring.__main__ import parts_of as scoring_parts
from lead_scoring.handlers.policies import ensure_policy
from lead_scoring.settings import ScoringSettings
from marketing_intake.__main__ import parts_of as intake_parts
from marketing_intake.settings import IntakeSettings
from sales_routing.__main__ import parts_of as routing_parts
from sales_routing.settings import Settings as RoutingSettings
from support.conformance import (
    CHECKS,
    AnyCase,
    Inhabited,
    Operation,
    cases,
    document_of,
    operations,
)
from support.databases import Templates
from support.facts import NOON
from support.intake_door import ADA
from support.open_services import OpenService, open_service, plain_settings
from support.prospects import card, qualified
from support.sales_office import Office
from support.scoring_desk import Desk, a_lead
from support.scoring_diffs import draft, order

pytestmark = pytest.mark.conformance

EXAMPLES = 12
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


def make_parts(url: str) -> dict[str, Parts]:
    """The three services; a reader of the feed does not wait."""
    told = plain_settings(url)
    made = {
        "intake": intake_parts(IntakeSettings.model_validate(told)),
        "scoring": scoring_parts(ScoringSettings.model_validate(told)),
        "routing": routing_parts(
            RoutingSettings.model_validate(told | {"routing_wait_seconds_max": 0})
        ),
    }
    return {name: replace(parts, registry=CollectorRegistry()) for name, parts in made.items()}


OPERATIONS = {name: operations(parts) for name, parts in make_parts(NOWHERE).items()}


def every(service: str) -> pytest.MarkDecorator:
    """Once for each operation of a service."""
    return pytest.mark.parametrize("operation_id", sorted(OPERATIONS[service]))


async def master_key(opened: OpenService, source_id: str | None = None) -> dict[str, str]:
    """Headers that open every door."""
    async with opened.service.transactions.begin() as tx:
        text, _ = await api_keys.create_key(
            tx, "conformance", sorted(api_keys.SCOPES), source_id=source_id
        )
    return {"authorization": f"Bearer {text}"}


@pytest_asyncio.fixture(scope="session")
async def intake(templates: Templates) -> AsyncIterator[Inhabited]:
    """Intake with a source, a lead and a refused payload."""
    url = await templates.copy("marketing_intake")
    async with open_service(make_parts(url)["intake"]) as opened:
        headers = await master_key(opened)
        source = await opened.client.post("/v1/sources", json={"name": "shop"}, headers=headers)
        source_id = source.json()["source_id"]
        headers = await master_key(opened, source_id)
        lead = (await opened.client.post("/v1/leads", json=ADA, headers=headers)).json()
        bad = await opened.client.post("/v1/leads", json={"email": "x"}, headers=headers)
        imported = await opened.client.post(
            "/v1/imports", content=b"email\n", headers=headers | {"content-type": "text/csv"}
        )
        form = await opened.client.post(
            "/v1/sources", json={"name": "contact", "kind": "form"}, headers=headers
        )
        activity = await opened.client.post(
            "/v1/activities", json={"kind": "page_viewed", "email": ADA["email"]}, headers=headers
        )
        campaign = await opened.client.post(
            "/v1/campaigns", json={"name": "SPRING"}, headers=headers
        )
        known = {
            "source_id": form.json()["source_id"],
            "form_key": form.json()["form_key"],
            "activity_id": activity.json()["activity_id"],
            "campaign_id": campaign.json()["campaign_id"],
            "import_id": imported.json()["import_id"],
            "lead_id": lead["lead_id"],
            "person_id": lead["person_id"],
            "payload_id": bad.json()["instance"].rsplit("/", 1)[1],
            "failed_id": bad.json()["instance"].rsplit("/", 1)[1],
        }
        bodies = {
            "capture_lead": ADA,
            "capture_batch": [ADA, {"email": "x"}],
            "resend_payload": ADA,
            "record_activities": {"kind": "page_viewed", "email": "ada@example.org"},
            "create_api_key": {"name": "k", "scopes": ["leads:read"]},
        }
        yield Inhabited(opened, headers, known, bodies)


@pytest_asyncio.fixture(scope="session")
async def scoring(templates: Templates) -> AsyncIterator[Inhabited]:
    """Scoring with its first policy and a decision by it."""
    url = await templates.copy("lead_scoring")
    async with open_service(make_parts(url)["scoring"], HandClock(NOON)) as opened:
        desk = Desk(opened.service.transactions, HandClock(NOON))
        async with opened.service.transactions.begin() as tx:
            await ensure_policy(tx)
        person_id = new_id()
        await desk.hear(a_lead(person_id))
        (receipt,) = await opened.fetch("select id from receipts")
        version = await draft(desk)
        known = {
            "person_id": person_id, "receipt_id": receipt["id"], "version": str(version),
            "diff_id": await order(desk, version),
        }  # fmt: skip
        yield Inhabited(opened, await master_key(opened), known)


@pytest_asyncio.fixture(scope="session")
async def routing(templates: Templates) -> AsyncIterator[Inhabited]:
    """Routing with a team and a prospect that was offered."""
    url = await templates.copy("sales_routing")
    parts = make_parts(url)["routing"]
    async with open_service(parts, HandClock(NOON)) as opened:
        heard = {one.topic.name: one.handler for one in parts.subscriptions}
        office = Office(opened.service.transactions, HandClock(NOON), heard)
        (rep,) = await office.team(1)
        lead = qualified()
        await office.hear(card(lead.person_id))
        await office.hear(lead)
        await opened.service.feeds["prospects"].append()
        (pool,) = await opened.fetch("select id from pools")
        known = {"prospect_id": lead.prospect_id, "rep_id": rep.id, "pool_id": pool["id"]}
        deal = {
            "deal_id": "D",
            "outcome": "lost",
            "reason": "price",
            "closed_at": "2026-01-01T00:00:00Z",
        }
        about = {"prospect_id": lead.prospect_id}
        bodies = {
            "accept_prospect": {"rep_id": rep.id},
            "accept_prospects": [about | {"rep_id": rep.id}],
            "report_progress": {"stage": "questions"},
            "report_outcome": deal,
            "report_outcomes": [about | deal],
        }
        yield Inhabited(opened, await master_key(opened), known, bodies)


def conforms(operation: Operation, service: Inhabited) -> None:
    """Hold a good many answers of an operation against the document."""

    # The same cases every time: a door that fails is looked at, not tried again.
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(cases(operation, service))
    def answer_is_as_described(case: AnyCase) -> None:
        case.validate_response(service.send(case), checks=CHECKS)

    answer_is_as_described()


@pytest.mark.parametrize("service", sorted(OPERATIONS))
def test_a_document_refers_only_to_what_it_describes(service: str) -> None:
    document = document_of(make_parts(NOWHERE)[service])
    described = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}

    referred = set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(document)))

    assert referred <= described


def test_a_lead_and_its_idempotency_key_are_described() -> None:
    operation = OPERATIONS["intake"]["capture_lead"].definition.raw

    assert operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    assert [one["name"] for one in operation["parameters"]] == ["Idempotency-Key"]


@every("intake")
def test_intake_answers_as_its_document_says(intake: Inhabited, operation_id: str) -> None:
    conforms(OPERATIONS["intake"][operation_id], intake)


@every("scoring")
def test_scoring_answers_as_its_document_says(scoring: Inhabited, operation_id: str) -> None:
    conforms(OPERATIONS["scoring"][operation_id], scoring)


@every("routing")
def test_routing_answers_as_its_document_says(routing: Inhabited, operation_id: str) -> None:
    conforms(OPERATIONS["routing"][operation_id], routing)
