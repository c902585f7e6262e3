"""A feed's reader skips nothing, whatever order transactions commit in."""

import asyncio

from baton.messaging.feeds import Feed
from support.databases import MakeTransactions


async def test_a_reader_skips_nothing_of_two_open_transactions(
    make_transactions: MakeTransactions,
) -> None:
    transactions = await make_transactions("frame")
    feed = Feed("prospects", transactions)
    may_commit = asyncio.Event()
    is_written = asyncio.Event()

    async def slow() -> None:
        async with transactions.begin() as tx:
            await tx.execute(
                "insert into feed_items (feed, key, item, created_at)"
                " values ('prospects', 'slow', '{}', now())"
            )
            is_written.set()
            await may_commit.wait()

    writing = asyncio.create_task(slow())
    await is_written.wait()
    async with transactions.begin() as tx:
        tx.append_feed("prospects", {"name": "quick"}, key="quick")
    await feed.append()
    async with transactions.read() as reader:
        seen = await feed.read(reader, after=0, limit=10)
    may_commit.set()
    await writing
    await feed.append()
    async with transactions.read() as reader:
        seen += await feed.read(reader, after=seen[-1].position, limit=10)

    assert [(item.position, item.key) for item in seen] == [(1, "quick"), (2, "slow")]


async def test_two_appenders_give_each_item_one_place(make_transactions: MakeTransactions) -> None:
    transactions = await make_transactions("frame")
    feed = Feed("prospects", transactions)
    async with transactions.begin() as tx:
        for number in range(50):
            tx.append_feed("prospects", {"number": number}, key=str(number))

    await asyncio.gather(*(feed.append() for _ in range(4)))

    async with transactions.read() as reader:
        items = await feed.read(reader, after=0, limit=100)
    assert [item.position for item in items] == list(range(1, 51))
    assert [item.item["number"] for item in items] == list(range(50))
