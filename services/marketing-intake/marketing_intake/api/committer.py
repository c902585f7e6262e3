"""Group commit: requests that are waiting share one transaction, and each is answered after it.

A committer takes what has gathered when its last commit ended. No timer: waiting for more was
measured and only makes every request slower. Two commits under way that meet the same person for
the first time collide like those of two processes: one is done again.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from time import perf_counter
from typing import Final, TypeVar

from baton.errors import Unavailable
from baton.transaction import Transaction
from baton.transactions import Transactions
from marketing_intake import metrics
from marketing_intake.domain.machines import Machines
from marketing_intake.handlers.capture import KNOWN_MACHINES, capture
from marketing_intake.handlers.hooks import Spent, capture_once
from marketing_intake.handlers.submission import (
    Idempotency,
    Kept,
    Outcome,
    Recorded,
    Replayed,
    Submission,
    Taken,
)
from marketing_intake.repository.capturing import CONFLICTS

T = TypeVar("T")
Deliver = Callable[[Outcome | Exception], None]
ATTEMPTS_MAX: Final = 4
AT_ONCE: Final = 2
SECOND_FROM: Final = 16
"""So many must wait for a second commit to begin beside one that is under way.

While PostgreSQL writes one batch, Python makes the next one ready: measured, an eighth more leads.
Fewer would only make both commits smaller.
"""


class Committer:
    """Takes leads from many requests and commits them together."""

    def __init__(
        self,
        transactions: Transactions,
        *,
        queue_max: int,
        leads_max: int,
        machines: Machines = KNOWN_MACHINES,
    ) -> None:
        self._transactions = transactions
        self.machines = machines
        self._queue_max = queue_max
        self._leads_max = leads_max
        self._waiting: deque[tuple[Submission, Deliver]] = deque()
        self._running: set[object] = set()
        self.rounds = 0
        """How often what waited was committed: whether it grows shows whether leads come."""

    def submit(self, submission: Submission) -> asyncio.Future[Outcome]:
        """Queue a lead; the future has its outcome once that is durable.

        Raises `Unavailable` when too many wait already. The future raises `Unavailable` when the
        database is away: then nothing is kept.
        """
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self.hand_in(submission, partial(_settle, future))
        return future

    def hand_in(self, submission: Submission, deliver: Deliver) -> None:
        """Queue a lead; `deliver`, which must not raise, is told its outcome or why there is none.

        Raises `Unavailable` when too many wait already.
        """
        if len(self._waiting) >= self._queue_max:
            metrics.TURNED_AWAY.labels("queue_full").inc()
            raise Unavailable("too many leads are waiting", retry_after_seconds=1)
        self._waiting.append((submission, deliver))
        if not self._running or (len(self._running) < AT_ONCE and self._has_enough()):
            self._running.add(asyncio.create_task(self._run(), name="committer"))

    async def submit_all(self, submissions: Sequence[Submission]) -> list[Outcome]:
        """Queue these, all or none, and wait for their outcomes. Raises `Unavailable`."""
        if len(self._waiting) + len(submissions) > self._queue_max:
            metrics.TURNED_AWAY.labels("queue_full").inc()
            raise Unavailable("too many leads are waiting", retry_after_seconds=1)
        return await asyncio.gather(*[self.submit(submission) for submission in submissions])

    async def commit_all(self, submissions: Sequence[Submission]) -> list[Outcome]:
        """Commit these together, apart from the queue. Raises `Unavailable`."""
        outcomes: list[Outcome] = []
        for first in range(0, len(submissions), self._leads_max):
            outcomes += await self._commit(submissions[first : first + self._leads_max])
        return outcomes

    async def commit_together(self, submissions: Sequence[Submission]) -> list[Outcome]:
        """Commit these in one transaction: all of them are durable, or none. Raises `Unavailable`.

        The caller sees to it that there are not too many.
        """
        return await self._commit(submissions)

    def _has_enough(self) -> bool:
        return len(self._waiting) >= SECOND_FROM

    async def _run(self) -> None:
        # Let every request that is ready now join; without this the first would go alone.
        await asyncio.sleep(0)  # noqa: TID251 it waits for no time, it lets others run
        while self._waiting and (len(self._running) == 1 or self._has_enough()):
            await self._commit_waiting()
        # At once, not in a callback: whoever comes next must see that nobody takes what waits.
        self._running.remove(asyncio.current_task())

    async def _commit_waiting(self) -> None:
        count = min(len(self._waiting), self._leads_max)
        taken = [self._waiting.popleft() for _ in range(count)]
        metrics.QUEUE.set(len(self._waiting))
        self.rounds += 1
        try:
            outcomes = await self._commit([submission for submission, _ in taken])
        except Exception as error:  # noqa: BLE001 each waiting request answers it in its own way
            for _, deliver in taken:
                deliver(error)
        else:
            for (_, deliver), outcome in zip(taken, outcomes, strict=True):
                deliver(outcome)

    async def commit_once(
        self, submissions: Sequence[Submission], once: Idempotency
    ) -> list[Outcome] | Spent:
        """Commit these in one transaction with the token that may be used once, or nothing.

        Raises `Unavailable`.
        """
        return await self.attempt(lambda tx: capture_once(submissions, once, tx, self.machines))

    async def _commit(self, submissions: Sequence[Submission]) -> list[Outcome]:
        return await self.attempt(lambda tx: capture(submissions, tx, self.machines))

    async def attempt(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Do this in a transaction that opens at its first write; again when another meets it.

        Raises `Unavailable`.
        """
        started = perf_counter()
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                async with self._transactions.begin_at_first_write() as tx:
                    outcomes = await work(tx)
            except CONFLICTS:
                if attempt == ATTEMPTS_MAX:
                    break
            else:
                metrics.COMMIT_SECONDS.observe(perf_counter() - started)
                if isinstance(outcomes, list):
                    metrics.COMMIT_LEADS.observe(len(outcomes))
                    _count(outcomes)
                return outcomes
        raise Unavailable("too many at once about the same people")


def _settle(future: asyncio.Future[Outcome], outcome: Outcome | Exception) -> None:
    if future.done():
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


def _count(outcomes: Sequence[Outcome]) -> None:
    states = Counter(outcome.state for outcome in outcomes if isinstance(outcome, Taken))
    kinds = Counter(outcome.refused.kind for outcome in outcomes if isinstance(outcome, Kept))
    for state, count in states.items():
        metrics.RECEIVED.labels(state.value).inc(count)
    for kind, count in kinds.items():
        metrics.REFUSED.labels(kind).inc(count)
    metrics.RECORDED.inc(sum(1 for outcome in outcomes if isinstance(outcome, Recorded)))
    metrics.REPLAYED.inc(sum(1 for outcome in outcomes if isinstance(outcome, Replayed)))
