"""The frame's own loops: closing the books, sweeping the inbox, numbering feeds, trying again."""

import asyncio
from datetime import timedelta
from typing import Final

from baton.conservation import Balance, CensusTaker, balance
from baton.contracts.vocabulary import ON_THE_WAY
from baton.loops import Loop
from baton.messaging import hearing
from baton.messaging.feeds import APPEND_MAX, Feed
from baton.messaging.metrics import MessagingMetrics
from baton.messaging.unparking import Unparking
from baton.timers import pause
from baton.transactions import Transactions

BOOKS_EVERY_SECONDS: Final = 5.0
SWEEP_EVERY_SECONDS: Final = 300.0
UNPARK_EVERY_SECONDS: Final = 1.0
APPEND_EVERY_SECONDS: Final = 0.25


def books(transactions: Transactions, census: CensusTaker, metrics: MessagingMetrics) -> Loop:
    """Close the books again and again, and show them."""

    async def run(stop: asyncio.Event) -> None:
        while not stop.is_set():
            async with transactions.read() as reader:
                show(await balance(reader, census), metrics)
            metrics.books_closed.set(transactions.clock.now().timestamp())
            await pause(stop, BOOKS_EVERY_SECONDS)

    return run


def show(closed: Balance, metrics: MessagingMetrics) -> None:
    """Set the gauges of a closed balance."""
    metrics.unaccounted.set(closed.unaccounted())
    for state, count in closed.census.leads.items():
        metrics.leads.labels(state.value).set(count)
    metrics.outbox_rows.set(sum(closed.outbox.values()))
    metrics.outbox_age.set(closed.outbox_age_seconds)
    for status in ("held", "parked"):
        metrics.parked.labels(status).set(closed.parked.get(status, 0))
        metrics.on_the_way.labels(status).set(closed.parked.get(status, 0))
    metrics.on_the_way.labels("outbox").set(sum(closed.outbox.values()))
    decided_later = sum(closed.census.leads.get(state, 0) for state in ON_THE_WAY)
    metrics.on_the_way.labels("next_state").set(decided_later)


def sweep(transactions: Transactions, inbox_days: int) -> Loop:
    """Let go of event ids outside the inbox's window."""

    async def run(stop: asyncio.Event) -> None:
        while not stop.is_set():
            async with transactions.begin() as tx:
                await hearing.forget_heard(tx, tx.now - timedelta(days=inbox_days))
            await pause(stop, SWEEP_EVERY_SECONDS)

    return run


def unpark(unparking: Unparking) -> Loop:
    """Try held messages again when they are due."""

    async def run(stop: asyncio.Event) -> None:
        while not stop.is_set():
            if not await unparking.retry_held():
                await pause(stop, UNPARK_EVERY_SECONDS)

    return run


def append(feed: Feed, wake: asyncio.Event) -> Loop:
    """Number a feed's new items soon after they are committed."""

    async def run(stop: asyncio.Event) -> None:
        while not stop.is_set():
            if await feed.append() < APPEND_MAX:
                waiting = [asyncio.ensure_future(event.wait()) for event in (wake, stop)]
                await asyncio.wait(
                    waiting, timeout=APPEND_EVERY_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                for task in waiting:
                    task.cancel()
                wake.clear()

    return run
