"""The clock door: what happens because time passed, run again and again in transactions."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from baton.messaging.metrics import MessagingMetrics
from baton.transaction import Transaction
from baton.transactions import Transactions

TimerHandler = Callable[[Transaction], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Timer:
    """A handler that time calls. It returns how many things it did.

    Every replica runs it: the handler takes what is due with locks, so that two never do the same.
    While it did `limit` things or more, more is due and it is called again at once.
    """

    name: str
    every_seconds: float
    handler: TimerHandler
    limit: int = 500


async def run_timer(
    timer: Timer, transactions: Transactions, metrics: MessagingMetrics, stop: asyncio.Event
) -> None:
    """Call the timer's handler until `stop` is set; raises what it raises."""
    while not stop.is_set():
        async with transactions.begin() as tx:
            done = await timer.handler(tx)
        metrics.timer_runs.labels(timer.name, "ok").inc()
        if done < timer.limit:
            await pause(stop, timer.every_seconds)


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but not longer than until `stop` is set."""
    waiting = asyncio.ensure_future(stop.wait())
    await asyncio.wait({waiting}, timeout=seconds)
    waiting.cancel()
