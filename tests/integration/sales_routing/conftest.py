"""A sales office for every test: the service without its doors, or with its HTTP door."""

from collections.abc import AsyncIterator

import pytest_asyncio

from support.databases import MakeTransactions, Templates
from support.sales_door import Door, open_door
from support.sales_office import Office, open_office


@pytest_asyncio.fixture
async def office(make_transactions: MakeTransactions) -> Office:
    """A fresh office with nobody in it, at noon."""
    return await open_office(make_transactions)


@pytest_asyncio.fixture
async def door(make_transactions: MakeTransactions, templates: Templates) -> AsyncIterator[Door]:
    """The HTTP door of a fresh office."""
    url = await templates.copy("sales_routing")
    opened = await open_door(await open_office(make_transactions, url), url)
    yield opened
    await opened.client.aclose()
    await opened.service.disconnect()
