"""A sales office for every test: the service without its doors, on a database of its own."""

import pytest_asyncio

from support.databases import MakeTransactions
from support.sales_office import Office, open_office


@pytest_asyncio.fixture
async def office(make_transactions: MakeTransactions) -> Office:
    """A fresh office with nobody in it, at noon."""
    return await open_office(make_transactions)
