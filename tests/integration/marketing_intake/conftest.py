"""Intake's doors, and a source that sends through them."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from support.databases import Templates
from support.import_door import ImportDoor
from support.intake_door import IntakeDoor, MadeSource, open_intake
from support.open_services import emptied


@pytest_asyncio.fixture(scope="session")
async def intake_database(templates: Templates) -> str:
    """The database of these tests."""
    return await templates.copy("marketing_intake")


@pytest_asyncio.fixture
async def url(intake_database: str) -> str:
    """An empty database."""
    return await emptied(intake_database)


@pytest_asyncio.fixture
async def intake(url: str) -> AsyncIterator[IntakeDoor]:
    """Its doors."""
    async with open_intake(url) as door:
        yield door


@pytest_asyncio.fixture
async def shop(intake: IntakeDoor) -> MadeSource:
    """A source of an ordinary kind."""
    return await intake.source()


@pytest.fixture
def door(intake: IntakeDoor, shop: MadeSource) -> ImportDoor:
    """Imports of that source."""
    return ImportDoor(intake, shop)
