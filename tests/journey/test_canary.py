"""A marked lead goes all the way; no mark is anywhere but in the contact cards."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from support.canary import MARKS, ON_THE_CARD, go_all_the_way, look_everywhere, park_a_card_of
from support.databases import Templates
from support.infrastructure import Addresses
from support.running_services import Running, running_services


@pytest_asyncio.fixture
async def running(
    infrastructure: Addresses, templates: Templates, tmp_path: Path
) -> AsyncIterator[Running]:
    """The three services."""
    async with running_services(infrastructure, templates, tmp_path) as services:
        yield services


async def test_no_mark_of_a_lead_is_anywhere_but_on_its_card(running: Running) -> None:
    lead = await go_all_the_way(running)
    await park_a_card_of(lead["person_id"], running)

    seen = await look_everywhere(running, lead)

    assert [mark for mark in ON_THE_CARD if mark not in seen.cards.lower()] == []
    assert MARKS.search(seen.cards)
    assert len(seen.texts) > 20
    assert seen.leaks() == {}
