"""The runner of imports: takes one, reads its rows, has them accounted for, batch by batch.

The next batch is read while PostgreSQL writes the last one: half the time of an import is spent
on either. A batch and the position behind it are one transaction, so a runner may die anywhere.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

import asyncpg
import structlog

from baton.database import OUTAGES
from baton.errors import Unavailable
from baton.ids import new_id
from baton.loops import Loop
from baton.parts import Frame, LoopMaker
from baton.timers import pause
from baton.transactions import Transactions
from marketing_intake.domain.draft import RefusedDraft
from marketing_intake.domain.imports import ImportStatus, Progress
from marketing_intake.handlers import imports as handlers
from marketing_intake.handlers.imports import RowRead
from marketing_intake.repository import catalogue, imports
from marketing_intake.repository.capturing import CONFLICTS
from marketing_intake.repository.imports import Held
from marketing_intake.settings import IntakeSettings
from marketing_intake.work.file_rows import FileRows

IDLE_SECONDS: Final = 0.5
TURN_BATCHES: Final = 50
"""After so many it is another import's turn: a short one does not wait for a long one's end."""
POLITE: Final = 5
"""Batches are so many times smaller while single leads come: those wait a third as long then."""
ATTEMPTS_MAX: Final = 4
UNSTORABLE: Final = RefusedDraft("fault", None, "could not be stored; the fault is logged", 500)
OF_A_ROW: Final = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)
"""What PostgreSQL says of what it was given; all else it says is of itself."""

A = TypeVar("A")
B = TypeVar("B")
log = structlog.get_logger()


class _Unkept(Exception):
    """Not even the refusal of a row could be stored."""


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs imports in turn, one at a time; several processes run several."""

    transactions: Transactions
    region: str
    rows_max: int
    rounds: Callable[[], int] = lambda: 0
    """How often others have committed leads; while it grows, batches are small."""
    id: str = field(default_factory=new_id)

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop` is set. Raises `Unavailable` when the database goes away."""
        while not stop.is_set():
            if not await self.take_turn(stop):
                await pause(stop, IDLE_SECONDS)

    async def take_turn(self, stop: asyncio.Event) -> bool:
        """Run the import whose turn it is for a while; says whether there was one."""
        async with self.transactions.begin() as tx:
            held = await imports.take(tx, self.id)
            source = None if held is None else await catalogue.find_source(tx, held.source_id)
        if held is None:
            return False
        if source is None or not source.is_active:
            await self._end(held, ImportStatus.FAILED, reason="the source is closed")
            return True
        held = replace(held, per_day=None if source.limits is None else source.limits.per_day)
        rows = FileRows(self.transactions, held, source, region=self.region)
        try:
            await self._work(held, rows, stop)
        except _Unkept:
            await self._end(held, ImportStatus.FAILED, reason="a row could not be kept")
        return True

    async def _work(self, held: Held, rows: FileRows, stop: asyncio.Event) -> None:
        progress: Progress | None = held.progress
        batch, seen = await rows.next(self.rows_max), self.rounds()
        for _ in range(TURN_BATCHES):
            if not batch:
                await self._end(held, ImportStatus.ENDED)
                return
            assert progress is not None
            maximum = self.rows_max if self.rounds() == seen else -(-self.rows_max // POLITE)
            seen = self.rounds()
            committed = self._commit(held, progress, batch)
            progress, batch = await _both(committed, rows.next(maximum))
            if progress is None:
                return  # cancelled, another runner's, or held back
            if stop.is_set():
                break
        async with self.transactions.begin() as tx:
            await imports.release(tx, held)

    async def _commit(
        self, held: Held, progress: Progress, batch: Sequence[RowRead]
    ) -> Progress | None:
        """Account for a batch; one that fails for a reason in a row is halved until it is alone."""
        for _ in range(ATTEMPTS_MAX):
            try:
                async with self.transactions.begin() as tx:
                    return await handlers.account(held, progress, batch, tx)
            except CONFLICTS:
                continue
            except Exception as error:  # whatever a row may do, it does it to itself
                if not _is_of_a_row(error):
                    raise
                if len(batch) == 1:
                    return await self._refused(held, progress, batch[0], error)
            break
        if len(batch) == 1:
            raise Unavailable("too many at once about the same person")
        half = len(batch) // 2
        moved = await self._commit(held, progress, batch[:half])
        return None if moved is None else await self._commit(held, moved, batch[half:])

    async def _refused(
        self, held: Held, progress: Progress, row: RowRead, error: Exception
    ) -> Progress | None:
        if row.submission.draft is UNSTORABLE:
            raise _Unkept from error
        where = {"import_id": held.id, "row": progress.rows + 1}
        log.error("import_row_failed", **where, exc_info=error)
        refused = replace(row.submission, draft=UNSTORABLE)
        return await self._commit(held, progress, [replace(row, submission=refused)])

    async def _end(self, held: Held, status: ImportStatus, *, reason: str | None = None) -> None:
        position = held.size_bytes if status is ImportStatus.ENDED else None
        async with self.transactions.begin() as tx:
            await imports.end(tx, held.id, status, reason=reason, position=position)


def make_import_loop(rounds: Callable[[], int]) -> LoopMaker:
    """The loop of this service; `rounds` is how often its door has committed leads."""

    def make(frame: Frame) -> Loop:
        settings = frame.settings
        assert isinstance(settings, IntakeSettings)
        region, rows_max = settings.default_region, settings.import_rows_max
        return Runner(frame.transactions, region, rows_max, rounds).run

    return make


def _is_of_a_row(error: Exception) -> bool:
    if isinstance(error, asyncpg.PostgresError):
        return isinstance(error, OF_A_ROW)
    return not isinstance(error, (Unavailable, *OUTAGES))


async def _both(first: Awaitable[A], second: Awaitable[B]) -> tuple[A, B]:
    """Both results; when one fails, the other is waited for all the same."""
    done = await asyncio.gather(first, second, return_exceptions=True)
    for one in done:
        if isinstance(one, BaseException):
            raise one
    return done  # type: ignore[return-value]  # none of them is an exception
