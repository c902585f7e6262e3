"""The HTTP doors of all three services, opened once: what is bad changes nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest_asyncio

from lead_scoring.__main__ import parts_of as scoring_parts
from lead_scoring.settings import ScoringSettings
from marketing_intake.__main__ import parts_of as intake_parts
from marketing_intake.settings import IntakeSettings
from sales_routing.__main__ import parts_of as routing_parts
from sales_routing.settings import Settings as RoutingSettings
from support.databases import Templates
from support.open_services import OpenService, open_service, plain_settings


@dataclass(frozen=True)
class Doors:
    """The three services, and the headers of somebody who may do everything in each."""

    services: dict[str, OpenService]
    keys: dict[str, dict[str, str]]

    async def send(self, service: str, door: str, content: bytes, **headers: str) -> httpx.Response:
        """Send bytes to a door such as `POST /v1/leads`; as JSON when nothing else is said."""
        method, path = door.split(" ")
        sent = {"content-type": "application/json", **self.keys[service], **headers}
        client = self.services[service].client
        return await client.request(method, path, content=content, headers=sent)


@pytest_asyncio.fixture(scope="session")
async def doors(templates: Templates) -> AsyncIterator[Doors]:
    """Open for all tests of this folder; what they send is refused."""
    intake, scoring, routing = [
        plain_settings(await templates.copy(name))
        for name in ("marketing_intake", "lead_scoring", "sales_routing")
    ]
    async with (
        open_service(intake_parts(IntakeSettings.model_validate(intake))) as one,
        open_service(scoring_parts(ScoringSettings.model_validate(scoring))) as two,
        open_service(routing_parts(RoutingSettings.model_validate(routing))) as three,
    ):
        services = {"intake": one, "scoring": two, "routing": three}
        keys = {name: await service.key() for name, service in services.items()}
        made = await one.client.post("/v1/sources", json={"name": "shop"}, headers=keys["intake"])
        services["leads"] = one
        keys["leads"] = {"authorization": f"Bearer {made.json()['api_key']}"}
        yield Doors(services, keys)
