"""An import goes on where it was, whatever is killed: every row is accounted for exactly once."""

import sys
from collections.abc import AsyncIterator

import pytest_asyncio

from faults.campaign import Campaign, a_campaign
from faults.importing import import_and_kill
from faults.yard import a_yard

ROWS = 20_000
TARGETS = ("marketing-intake", "postgres", "marketing-intake")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


@pytest_asyncio.fixture
async def alone() -> AsyncIterator[Campaign]:
    """A campaign on a yard of its own: sales would be busy for long with what is imported."""
    async with a_yard(_say) as yard, a_campaign(yard, _say, name="imports") as made:
        yield made


async def test_an_import_that_is_killed_three_times_is_exact(alone: Campaign) -> None:
    accounts = await import_and_kill(alone, TARGETS, rows=ROWS, say=alone.progress)

    assert accounts.is_exact(ROWS), accounts.line()
