"""One installation for all fault tests; each has a campaign of its own on it."""

import itertools
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from faults.campaign import Campaign, a_campaign
from faults.yard import Yard, a_yard

NUMBERS = itertools.count()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


@pytest_asyncio.fixture(scope="session")
async def yard() -> AsyncIterator[Yard]:
    """Kafka, PostgreSQL and the services, on free ports."""
    async with a_yard(_say) as made:
        yield made


@pytest_asyncio.fixture
async def campaign(yard: Yard, request: pytest.FixtureRequest) -> AsyncIterator[Campaign]:
    """A campaign named after the test."""
    name = f"{next(NUMBERS)}-{request.node.originalname}"
    # It stands before the @ of its leads' addresses, where 64 characters fit.
    async with a_campaign(yard, _say, name=name[:40].replace("_", "-")) as made:
        yield made
