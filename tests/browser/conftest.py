"""Intake with an invented spring in it, on a port, and a browser that looks at it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest_asyncio
from playwright.async_api import Browser

from support.browsers import Reader, reading, running_browser, served
from support.databases import Templates
from support.intake_door import IntakeDoor, open_intake
from support.invented_spring import Spring, invented_spring


@dataclass(frozen=True)
class Looked:
    """What is looked at."""

    intake: IntakeDoor
    spring: Spring
    address: str


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The browser of all these tests."""
    async with running_browser() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session")
async def looked(templates: Templates) -> AsyncIterator[Looked]:
    """One door for all of them: each makes what it changes, and spoils nothing for the others."""
    async with open_intake(await templates.copy("marketing_intake")) as intake:
        spring = await invented_spring(intake)
        async with served(intake.opened.service.app) as address:
            yield Looked(intake, spring, address)


@pytest_asyncio.fixture
async def manager(browser: Browser, looked: Looked) -> AsyncIterator[Reader]:
    """Somebody who may see whose a lead is."""
    async with reading(browser, looked.intake.opened, looked.address, "manager") as reader:
        yield reader
