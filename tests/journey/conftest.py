"""The three services as people meet them, each on a database of its own with nothing in it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from baton.clock import HandClock
from lead_scoring.__main__ import parts_of
from lead_scoring.settings import ScoringSettings
from support.databases import MakeTransactions, Templates
from support.facts import NOON
from support.intake_door import IntakeDoor, open_intake
from support.open_services import OpenService, open_service, plain_settings
from support.sales_door import Door, open_door
from support.sales_office import open_office


@pytest_asyncio.fixture
async def intake(templates: Templates) -> AsyncIterator[IntakeDoor]:
    """Intake, with nothing in it."""
    async with open_intake(await templates.copy("marketing_intake")) as door:
        yield door


@pytest_asyncio.fixture
async def scoring(templates: Templates) -> AsyncIterator[OpenService]:
    """Scoring, before its first policy."""
    settings = plain_settings(await templates.copy("lead_scoring"))
    parts = parts_of(ScoringSettings.model_validate(settings))
    async with open_service(parts, HandClock(NOON)) as opened:
        yield opened


@pytest_asyncio.fixture
async def door(make_transactions: MakeTransactions, templates: Templates) -> AsyncIterator[Door]:
    """Sales, with nobody there."""
    url = await templates.copy("sales_routing")
    opened = await open_door(await open_office(make_transactions, url), url)
    yield opened
    await opened.client.aclose()
    await opened.service.disconnect()


@pytest.fixture
def routing(door: Door) -> OpenService:
    """Its pages."""
    return OpenService(door.service, door.client)


@pytest.fixture(params=["intake", "scoring", "routing"])
def opened(request: pytest.FixtureRequest) -> OpenService:
    """Each of the three."""
    made: Any = request.getfixturevalue(request.param)
    return made.opened if isinstance(made, IntakeDoor) else made
