"""Outside effects: rows ordered in a transaction, done by a worker with its own retries."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import asyncpg

from baton.errors import Unavailable
from baton.messaging.retries import jitter
from baton.transactions import Transactions

LEASE_SECONDS: Final = 60.0
"""So long is a row one worker's; a worker that died gives it back by that."""
ATTEMPTS_MAX: Final = 20
BACKOFF_MAX_SECONDS: Final = 3600.0
"""With twenty attempts an outside that is away has about nine hours to come back."""
AGE_MAX: Final = timedelta(days=3)
"""What was put off again and again is given up when it is older."""
IDLE_SECONDS: Final = 0.5
AT_ONCE: Final = 8
ERROR_CHARACTERS_MAX: Final = 200

WorkHandler = Callable[[dict[str, Any]], Awaitable[None]]
GiveUp = Callable[[dict[str, Any], str], Awaitable[None]]
"""Told what is given up and why: it records that wherever somebody will look for it."""

LANE_SQL: Final = "coalesce(payload ->> 'lane', kind)"
TAKE_SQL: Final = f"""
update work set due_at = $2, attempts = attempts + 1
where id = (
  select id from work
  where due_at <= $1 and failed_at is null and kind = any ($3::text[])
    and {LANE_SQL} <> all ($4::text[])
  order by due_at limit 1 for update skip locked)
returning id, kind, payload, attempts, created_at, {LANE_SQL} as lane
"""  # noqa: S608 our own words
DONE_SQL: Final = "delete from work where id = $1"
LATER_SQL: Final = """
update work set due_at = $2, last_error = $3, failed_at = $4, attempts = $5 where id = $1
"""


class GivenUp(Exception):
    """No retry mends it. The message says what was expected, and repeats nothing that came."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Later(Exception):
    """Nothing is wrong, but it is not to be done before so many seconds; this is no attempt."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Effect:
    """How a kind of work is done, and who is told when it never will be.

    Without `give_up` the row stays, marked as failed. With it the row goes once that has returned,
    so it may be called twice, as `do` may.
    """

    do: WorkHandler
    give_up: GiveUp | None = None


@dataclass(frozen=True, slots=True)
class Worker:
    """Does what is due, at least once; an effect's receiver sees the row's id as its key.

    Of `at_once` places a lane has half, so that who is slow delays nobody else. A lane is what the
    payload says under `lane`, by default the kind: whatever waits for the same outside.
    """

    transactions: Transactions
    handlers: Mapping[str, WorkHandler | Effect]
    at_once: int = AT_ONCE

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set. Raises `Unavailable` when the database goes away."""
        running: dict[asyncio.Task[None], str] = {}
        try:
            while not stop.is_set():
                if not await self._begin_one(running):
                    await _wait(running, stop)
                for task in [task for task in running if task.done()]:
                    del running[task]
                    task.result()
            await asyncio.gather(*running)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def do_one(self) -> bool:
        """Do what is due next; says whether there was anything."""
        row = await self._take([])
        if row is not None:
            await self._do(row)
        return row is not None

    async def _begin_one(self, running: dict[asyncio.Task[None], str]) -> bool:
        if len(running) >= self.at_once:
            return False
        share = max(1, self.at_once // 2)
        full = [lane for lane, count in Counter(running.values()).items() if count >= share]
        row = await self._take(full)
        if row is not None:
            running[asyncio.create_task(self._do(row), name="work")] = row["lane"]
        return row is not None

    async def _take(self, full: list[str]) -> asyncpg.Record | None:
        """Lease what is due next, unless it is of a lane that has all its places."""
        now = self.transactions.clock.now()
        lease = now + timedelta(seconds=LEASE_SECONDS)
        async with self.transactions.begin() as tx:
            return await tx.fetchrow(TAKE_SQL, now, lease, list(self.handlers), full)

    async def _do(self, row: asyncpg.Record) -> None:
        effect = _effect(self.handlers[row["kind"]])
        try:
            async with asyncio.timeout(LEASE_SECONDS / 2):
                await effect.do(row["payload"] | {"work_id": row["id"]})
        except GivenUp as hopeless:
            await self._give_up(row, effect, hopeless.reason)
        except Later as later:
            await self._put_off(row, effect, later)
        except Exception as error:  # noqa: BLE001 whatever the outside does is tried again
            if row["attempts"] >= ATTEMPTS_MAX:
                await self._give_up(row, effect, _reason(error))
            else:
                seconds = backoff_seconds(row["attempts"], jitter())
                await self._later(row, seconds, _reason(error), attempts=row["attempts"])
        else:
            await self._done(row)

    async def _put_off(self, row: asyncpg.Record, effect: Effect, later: Later) -> None:
        if row["created_at"] < self.transactions.clock.now() - AGE_MAX:
            await self._give_up(row, effect, later.reason)
        else:
            attempts = row["attempts"] - 1
            await self._later(row, later.seconds, later.reason, attempts=attempts)

    async def _give_up(self, row: asyncpg.Record, effect: Effect, reason: str) -> None:
        if effect.give_up is None:
            await self._later(row, 0.0, reason, attempts=row["attempts"], is_over=True)
        else:
            await effect.give_up(row["payload"] | {"work_id": row["id"]}, reason)
            await self._done(row)

    async def _done(self, row: asyncpg.Record) -> None:
        async with self.transactions.begin() as tx:
            await tx.execute(DONE_SQL, row["id"])

    async def _later(
        self,
        row: asyncpg.Record,
        seconds: float,
        reason: str,
        *,
        attempts: int,
        is_over: bool = False,
    ) -> None:
        now = self.transactions.clock.now()
        due_at, failed_at = now + timedelta(seconds=seconds), now if is_over else None
        reason = reason[:ERROR_CHARACTERS_MAX]
        async with self.transactions.begin() as tx:
            await tx.execute(LATER_SQL, row["id"], due_at, reason, failed_at, attempts)


def backoff_seconds(attempt: int, jitter: float) -> float:
    """How long to wait after this attempt: twice as long each time, up to an hour.

    `jitter` is a number from 0 to 1 from outside.
    """
    ceiling = min(BACKOFF_MAX_SECONDS, 2.0 ** min(attempt - 1, 16))
    return float(ceiling * (0.5 + 0.5 * jitter))


def _effect(handler: WorkHandler | Effect) -> Effect:
    return handler if isinstance(handler, Effect) else Effect(handler)


def _reason(error: Exception) -> str:
    """A sentence of ours, or the error's type; what a stranger says may hold anything."""
    return error.message if isinstance(error, Unavailable) else type(error).__name__


async def _wait(running: dict[asyncio.Task[None], str], stop: asyncio.Event) -> None:
    """Until a place is free, `stop` is set, or it is time to look again."""
    stopped = asyncio.ensure_future(stop.wait())
    waited_for = {stopped, *running}
    await asyncio.wait(waited_for, timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
