"""A scoring desk for each test."""

import pytest_asyncio

from support.databases import MakeTransactions
from support.scoring_desk import Desk, make_desk


@pytest_asyncio.fixture
async def desk(make_transactions: MakeTransactions) -> Desk:
    """A fresh one, with the default policy in force."""
    return await make_desk(make_transactions)
