"""Outside effects: rows ordered in a transaction, done by a worker with its own retries."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from baton.messaging.retries import backoff_seconds, jitter
from baton.timers import pause
from baton.transactions import Transactions

LEASE_SECONDS: Final = 60.0
"""So long is a row one worker's; a worker that died gives it back by that."""
ATTEMPTS_MAX: Final = 20
IDLE_SECONDS: Final = 0.5
ERROR_CHARACTERS_MAX: Final = 200

WorkHandler = Callable[[dict[str, Any]], Awaitable[None]]

TAKE_SQL: Final = """
update work set due_at = $2, attempts = attempts + 1
where id = (
  select id from work
  where due_at <= $1 and failed_at is null and kind = any ($3::text[])
  order by due_at limit 1 for update skip locked)
returning id, kind, payload, attempts
"""
DONE_SQL: Final = "delete from work where id = $1"
LATER_SQL: Final = "update work set due_at = $2, last_error = $3, failed_at = $4 where id = $1"


@dataclass(frozen=True, slots=True)
class Worker:
    """Does what is due, at least once; an effect's receiver sees the row's id as its key."""

    transactions: Transactions
    handlers: Mapping[str, WorkHandler]

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set. Raises `Unavailable` when the database goes away."""
        while not stop.is_set():
            if not await self.do_one():
                await pause(stop, IDLE_SECONDS)

    async def do_one(self) -> bool:
        """Do what is due next; says whether there was anything."""
        now = self.transactions.clock.now()
        async with self.transactions.begin() as tx:
            lease = now + timedelta(seconds=LEASE_SECONDS)
            row = await tx.fetchrow(TAKE_SQL, now, lease, list(self.handlers))
        if row is None:
            return False
        try:
            async with asyncio.timeout(LEASE_SECONDS / 2):
                await self.handlers[row["kind"]](row["payload"] | {"work_id": row["id"]})
        except Exception as error:  # noqa: BLE001 whatever the outside does is tried again
            await self._later(row["id"], row["attempts"], error)
        else:
            async with self.transactions.begin() as tx:
                await tx.execute(DONE_SQL, row["id"])
        return True

    async def _later(self, work_id: str, attempts: int, error: Exception) -> None:
        now = self.transactions.clock.now()
        seconds = backoff_seconds(attempts, jitter())
        async with self.transactions.begin() as tx:
            await tx.execute(
                LATER_SQL,
                work_id,
                now + timedelta(seconds=seconds),
                type(error).__name__[:ERROR_CHARACTERS_MAX],
                now if attempts >= ATTEMPTS_MAX else None,
            )
