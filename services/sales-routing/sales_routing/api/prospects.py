"""Reading prospects: the feed that CRMs follow, and one prospect with its past."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query

from baton.errors import NotFound
from baton.http import PAGE_MAX, PROBLEMS, Cursors, Identity, PathUuid, require
from baton.messaging import feeds
from baton.messaging.feeds import FeedItem
from baton.parts import Frame
from baton.transactions import Transactions
from sales_routing.api.views import (
    Feed,
    FeedEntry,
    OutcomeView,
    PastOffer,
    ProspectDetail,
    view_of,
)
from sales_routing.handlers.desk import FEED
from sales_routing.queries import prospects as queries
from sales_routing.settings import Settings

PII: Final = "pii:read"
OF_FEED: Final = {"feed": FEED}
"""What a cursor is bound to."""
CURSOR_CHARACTERS_MAX: Final = 200
POLL_SECONDS: Final = 1.0
"""News of another replica are looked for this often; those of this one wake the reader at once."""
Reading = Annotated[Identity, Depends(require("prospects:read"))]


@dataclass(frozen=True, slots=True)
class _Follower:
    """Reads the feed behind a position, and waits for news when there are none."""

    transactions: Transactions
    feed: feeds.Feed

    async def follow(self, after: int, limit: int, seconds: float) -> list[FeedItem]:
        """The next items; none when the time is over."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while True:
            async with self.transactions.read() as reader:
                items = await self.feed.read(reader, after=after, limit=limit)
            left = end - loop.time()
            if items or left <= 0:
                return items
            await self.feed.wait(min(left, POLL_SECONDS))


def make_prospects_router(frame: Frame) -> APIRouter:
    """`GET /v1/prospects` and `GET /v1/prospects/{prospect_id}`."""
    router = APIRouter(prefix="/v1/prospects", tags=["prospects"], responses=PROBLEMS)
    _add_feed(router, frame)
    _add_details(router, frame.transactions)
    return router


def _add_feed(router: APIRouter, frame: Frame) -> None:
    settings = frame.settings
    assert isinstance(settings, Settings)
    cursors = Cursors(settings.secret.get_secret_value())
    follower = _Follower(frame.transactions, frame.feeds[FEED])
    wait_max = settings.routing_wait_seconds_max

    @router.get("")
    async def follow_prospects(
        identity: Reading,
        after: Annotated[str | None, Query(max_length=CURSOR_CHARACTERS_MAX)] = None,
        limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 100,
        wait_seconds: Annotated[float, Query(ge=0, le=wait_max)] = 0,
    ) -> Feed:
        """Every step of every prospect, in order. Without `after` it begins at the beginning.

        With `wait_seconds` the answer waits that long for news when there are none.
        """
        position = 0 if after is None else int(cursors.decode(after, OF_FEED)[0])
        items = await follower.follow(position, limit, wait_seconds)
        last = items[-1].position if items else position
        return Feed(
            items=await _entries(frame.transactions, items, identity),
            after=cursors.encode([last], OF_FEED),
        )


def _add_details(router: APIRouter, transactions: Transactions) -> None:
    @router.get("/{prospect_id}")
    async def show_prospect(prospect_id: PathUuid, identity: Reading) -> ProspectDetail:
        """One prospect, who was asked, and what was reported of it."""
        async with transactions.read() as reader:
            row = (await queries.views(reader, [prospect_id])).get(prospect_id)
            if row is None:
                raise NotFound(f"there is no prospect {prospect_id}", field="prospect_id")
            offers = await queries.offers_of(reader, prospect_id)
            outcomes = await queries.outcomes_of(reader, prospect_id)
        view = view_of(row, queries.card_of(row) if PII in identity.scopes else None)
        return ProspectDetail(
            **dict(view),
            offers=[PastOffer(**dict(one)) for one in offers],
            outcomes=[OutcomeView(prospect_id=prospect_id, **dict(one)) for one in outcomes],
        )


async def _entries(
    transactions: Transactions, items: Sequence[FeedItem], identity: Identity
) -> list[FeedEntry]:
    async with transactions.read() as reader:
        rows = await queries.views(reader, {one.item["prospect_id"] for one in items})
    may_read = PII in identity.scopes
    entries = ((one, rows[one.item["prospect_id"]]) for one in items)
    return [
        FeedEntry(
            step=one.item["step"],
            at=one.created_at,
            offer_id=one.item.get("offer_id"),
            prospect=view_of(row, queries.card_of(row) if may_read else None),
        )
        for one, row in entries
    ]
