"""Feeds for others: positions are given after commit, by one appender, so no reader skips.

A sequence is not commit order: whoever reads `position > last` could pass an item by that commits
later under a smaller number. So items are written without a position, and the appender numbers
what is committed, alone and in order.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from baton.database import Reader
from baton.transactions import Transactions

APPEND_MAX: Final = 1000
LOCK_SPACE: Final = 0x0BA7_0002

LOCK_SQL: Final = "select pg_try_advisory_xact_lock($1, hashtext($2))"
APPEND_SQL: Final = """
with head as (
  select coalesce(max(position), 0) as position from feed_items where feed = $1
), fresh as (
  select id from feed_items where feed = $1 and position is null order by id limit $2
), numbered as (
  select id, row_number() over (order by id) as ordinal from fresh
)
update feed_items f set position = head.position + numbered.ordinal
from numbered, head where f.id = numbered.id
"""
READ_SQL: Final = """
select position, key, item, created_at from feed_items
where feed = $1 and position > $2 order by position limit $3
"""
HEAD_SQL: Final = "select coalesce(max(position), 0) from feed_items where feed = $1"


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An item with its place in the feed; places have no gaps and never change."""

    position: int
    key: str
    item: dict[str, Any]
    created_at: datetime


class Feed:
    """One feed of a service: its appender, and its readers who wait for more."""

    def __init__(self, name: str, transactions: Transactions) -> None:
        self.name = name
        self._transactions = transactions
        self._news = asyncio.Event()

    async def append(self) -> int:
        """Number what is committed and has no place yet; returns how many items got one."""
        async with self._transactions.begin() as tx:
            if not await tx.fetchval(LOCK_SQL, LOCK_SPACE, self.name):
                return 0
            tag = await tx.execute(APPEND_SQL, self.name, APPEND_MAX)
        count = int(tag.rsplit(" ", 1)[1])
        if count:
            self._news.set()
            self._news = asyncio.Event()
        return count

    async def read(self, reader: Reader, *, after: int, limit: int) -> list[FeedItem]:
        """The items behind a position, in order."""
        rows = await reader.fetch(READ_SQL, self.name, after, limit)
        return [FeedItem(r["position"], r["key"], r["item"], r["created_at"]) for r in rows]

    async def head(self, reader: Reader) -> int:
        """The position of the last item; 0 when there is none."""
        head: int = await reader.fetchval(HEAD_SQL, self.name)
        return head

    async def wait(self, seconds: float) -> None:
        """Until this process has numbered something, or the time is over."""
        waiting = asyncio.ensure_future(self._news.wait())
        await asyncio.wait({waiting}, timeout=seconds)
        waiting.cancel()
