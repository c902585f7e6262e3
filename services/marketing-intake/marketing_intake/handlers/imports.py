"""Imports: a file is opened, filled and closed; its rows are accounted for, batch by batch."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from baton.errors import Conflict, NotFound, Unavailable
from baton.ids import new_id
from baton.transaction import Origin, Transaction
from marketing_intake import metrics
from marketing_intake.domain.imports import ImportStatus, Layout, Progress
from marketing_intake.domain.limiting import day_of, next_day
from marketing_intake.handlers.capture import capture
from marketing_intake.handlers.submission import Kept, Outcome, SetAside, Submission, Taken
from marketing_intake.repository import contracts, imports, uploads
from marketing_intake.repository.imports import Held
from marketing_intake.repository.uploads import NewImport, UnderKey

WAITING_MAX: Final = 100
"""So many imports may come or wait at a time; beyond: 503."""
HELD_MAX: Final = 20
"""So many of one source may be held back until its next day, so that others' files have room."""
STALE_AFTER: Final = timedelta(seconds=60)
"""An upload of which nothing was heard for so long has lost its sender, or its process."""
CHUNKS_FORGOTTEN: Final = 64
IMPORTS_FORGOTTEN: Final = 20


@dataclass(frozen=True, slots=True)
class RowRead:
    """A row that is to be accounted for, and the offset behind it."""

    submission: Submission
    end: int


async def open_import(
    source_id: str, tx: Transaction, *, name: str, who: str, origin: Origin, key_hash: bytes | None
) -> str | UnderKey:
    """Begin an upload; returns its id, or what the key has made before.

    Raises `Unavailable` when too many wait already, and `Conflict` when the same key's upload is
    still under way.
    """
    if key_hash is not None:
        earlier = await uploads.under_key(tx, source_id, key_hash)
        if earlier is not None and not earlier.is_uploading:
            return earlier
        if earlier is not None and earlier.touched_at > tx.now - STALE_AFTER:
            raise _under_way()
        if earlier is not None:
            await uploads.give_up(tx, earlier.id, "the upload did not come to its end")
    waiting, held = await uploads.waiting(tx, source_id)
    if waiting >= WAITING_MAX or held >= HELD_MAX:
        raise Unavailable("too many imports are waiting", retry_after_seconds=60)
    import_id = new_id()
    new = NewImport(import_id, source_id, name, who, origin.traceparent, key_hash)
    if not await uploads.insert(tx, new):
        raise _under_way()
    return import_id


async def close_import(
    import_id: str,
    layout: Layout,
    tx: Transaction,
    *,
    encoding: str,
    size_bytes: int,
    fingerprint: bytes,
) -> None:
    """The file is whole: it waits for its turn now. Raises `Conflict` when it was cancelled."""
    is_wanted = await uploads.set_uploaded(
        tx, import_id, layout, encoding=encoding, size=size_bytes, fingerprint=fingerprint
    )
    if not is_wanted:
        raise cancelled_meanwhile()


async def account(
    held: Held, progress: Progress, rows: Sequence[RowRead], tx: Transaction
) -> Progress | None:
    """Take or keep these rows and move on behind them, all or nothing.

    None when the import is no longer this runner's: nothing was done, or its source's day had room
    for a part of the rows alone, and it is held back behind them until the next day.
    """
    await tx.begin()
    if not await imports.hold(tx, held, progress):
        return None
    room = await _room(held, len(rows), tx)
    moved = await _move(held, progress, rows[:room], tx) if room else None
    if room == len(rows):
        return moved
    await imports.hold_back(tx, held, next_day(tx.now))
    return None


async def _room(held: Held, count: int, tx: Transaction) -> int:
    """How many of so many rows the source's day has room for; they are counted as its own."""
    if held.per_day is None:
        return count
    return await contracts.claim(tx, held.source_id, day_of(tx.now), count, per_day=held.per_day)


async def _move(
    held: Held, progress: Progress, rows: Sequence[RowRead], tx: Transaction
) -> Progress:
    outcomes = await capture([row.submission for row in rows], tx)
    untaken = [
        (progress.rows + number, outcome.payload_id)
        for number, outcome in enumerate(outcomes, 1)
        if isinstance(outcome, Kept | SetAside)
    ]
    refused = sum(isinstance(outcome, Kept) for outcome in outcomes)
    moved = progress.after(
        position=rows[-1].end,
        taken=len(rows) - len(untaken),
        refused=refused,
        # A row is set aside for one reason alone: it names somebody who was forgotten.
        suppressed=len(untaken) - refused,
    )
    await imports.advance(tx, held, moved, untaken)
    tx.after_commit(lambda _: _count(outcomes))
    return moved


async def cancel(import_id: str, tx: Transaction, *, who: str) -> None:
    """Stop an import where it is; what it has brought stays. Raises `NotFound` and `Conflict`."""
    if await imports.end(tx, import_id, ImportStatus.CANCELLED, reason="cancelled by hand"):
        new = {"status": ImportStatus.CANCELLED}
        tx.audit(who=who, what="import cancelled", subject=import_id, old=None, new=new)
        return
    if not await imports.exists(tx, import_id):
        raise NotFound("there is no such import", field="import_id")
    raise Conflict("the import has come to its end already", field="import_id")


async def tidy(tx: Transaction, *, kept_days: int) -> int:
    """Let go of broken uploads, of files that are read, and of imports that ended long ago."""
    await uploads.end_stale_uploads(tx, tx.now - STALE_AFTER)
    await imports.forget(tx, tx.now - timedelta(days=kept_days), IMPORTS_FORGOTTEN)
    return await imports.forget_chunks(tx, CHUNKS_FORGOTTEN)


def cancelled_meanwhile() -> Conflict:
    """What an upload is told that somebody has cancelled."""
    return Conflict("the import was cancelled while it was uploaded", field="import_id")


def _under_way() -> Conflict:
    return Conflict("an upload under this Idempotency-Key is under way", field="Idempotency-Key")


def _count(outcomes: Sequence[Outcome]) -> None:
    states = Counter(outcome.state for outcome in outcomes if isinstance(outcome, Taken))
    kinds = Counter(outcome.refused.kind for outcome in outcomes if isinstance(outcome, Kept))
    for state, count in states.items():
        metrics.RECEIVED.labels(state.value).inc(count)
    for kind, count in kinds.items():
        metrics.REFUSED.labels(kind).inc(count)
    metrics.IMPORT_ROWS.labels("taken").inc(states.total())
    metrics.IMPORT_ROWS.labels("refused").inc(kinds.total())
    suppressed = len(outcomes) - states.total() - kinds.total()
    metrics.IMPORT_ROWS.labels("suppressed").inc(suppressed)
