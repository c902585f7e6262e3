"""Imports on their way: whose turn it is, how far each has come, and what is left behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from baton.database import Reader
from baton.transaction import Transaction
from marketing_intake.domain.imports import ImportFormat, ImportStatus, Layout, Progress, sources_of
from marketing_intake.tables import ImportRefusalRow

TAKE_SQL: Final = """
update imports set status = 'running', runner = $2, turn_at = $3,
  started_at = coalesce(started_at, $1)
where id = (
  select id from imports
  where status in ('waiting', 'running') and (turn_at <= $1 or runner = $2)
  order by turn_at, id limit 1 for update skip locked)
returning *
"""
HOLD_SQL: Final = """
select true from imports
where id = $1 and status = 'running' and runner = $2 and position = $3 and rows = $4 for update
"""
ADVANCE_SQL: Final = """
update imports set position = $2, rows = $3, taken = $4, refused = $5, suppressed = $6,
  turn_at = $7
where id = $1
"""
RELEASE_SQL: Final = """
update imports set runner = null, turn_at = $3
where id = $1 and status = 'running' and runner = $2
"""
HOLD_BACK_SQL: Final = """
update imports set status = 'waiting', runner = null, turn_at = $3
where id = $1 and status = 'running' and runner = $2
"""
GO_ON_SQL: Final = """
update imports set turn_at = $2 where source_id = $1 and status = 'waiting' and turn_at > $2
"""
END_SQL: Final = """
update imports set status = $3, reason = $4, ended_at = $5, position = coalesce($6, position),
  key_hash = case when status = 'uploading' then null else key_hash end
where id = $1 and status = any ($2::text[]) returning id
"""
EXISTS_SQL: Final = "select exists (select from imports where id = $1)"
LAYOUT_BEHIND_SQL: Final = """
select i.layout from import_refusals r join imports i on i.id = r.import_id where r.payload_id = $1
"""
CHUNK_OF_SQL: Final = "select body from import_chunks where import_id = $1 and number = $2"
FORGET_CHUNKS_SQL: Final = """
delete from import_chunks where (import_id, number) in (
  select c.import_id, c.number from import_chunks c left join imports i on i.id = c.import_id
  where i.id is null or i.status in ('ended', 'cancelled', 'failed') limit $1)
"""
FORGET_SQL: Final = """
with old as (
  select id from imports where ended_at < $1 limit $2 for update skip locked
), links as (
  delete from import_refusals r using old where r.import_id = old.id
)
delete from imports i using old where i.id = old.id
"""
LEASE: Final = timedelta(seconds=10)
"""So long is an import one runner's without a word of it; a runner that died gives it back then."""


@dataclass(frozen=True, slots=True)
class Held:
    """An import in a runner's hands."""

    id: str
    source_id: str
    runner: str
    layout: Layout
    size_bytes: int
    progress: Progress
    traceparent: str | None
    per_day: int | None = None
    """How much of its source is taken in a day; None: all."""


async def take(tx: Transaction, runner: str) -> Held | None:
    """Take the import whose turn it is, for as long as `LEASE`; None when there is none."""
    row = await tx.fetchrow(TAKE_SQL, tx.now, runner, tx.now + LEASE)
    if row is None:
        return None
    counts = (row["rows"], row["taken"], row["refused"], row["suppressed"])
    progress = Progress(row["position"], *counts)
    layout = layout_of(row["layout"])
    return Held(
        row["id"], row["source_id"], runner, layout, row["size_bytes"], progress, row["traceparent"]
    )


async def hold(tx: Transaction, held: Held, progress: Progress) -> bool:
    """Lock the import; False when it is no longer this runner's, or is somewhere else."""
    values = (held.id, held.runner, progress.position, progress.rows)
    return await tx.fetchval(HOLD_SQL, *values) is not None


async def advance(
    tx: Transaction, held: Held, progress: Progress, untaken: Sequence[tuple[int, str]]
) -> None:
    """Move on, in the transaction of what moved it; `untaken` has rows and their payloads."""
    counts = (progress.rows, progress.taken, progress.refused, progress.suppressed)
    await tx.execute(ADVANCE_SQL, held.id, progress.position, *counts, tx.now + LEASE)
    rows = [(held.id, row, payload_id) for row, payload_id in untaken]
    await tx.insert(ImportRefusalRow, ("import_id", "row", "payload_id"), rows)


async def release(tx: Transaction, held: Held) -> None:
    """Give the import back, behind all others that wait."""
    await tx.execute(RELEASE_SQL, held.id, held.runner, tx.now)


async def hold_back(tx: Transaction, held: Held, until: datetime) -> None:
    """Give the import back, to wait until a moment."""
    await tx.execute(HOLD_BACK_SQL, held.id, held.runner, until)


async def let_go_on(tx: Transaction, source_id: str) -> None:
    """Let a source's imports that are held back be looked at again now."""
    await tx.execute(GO_ON_SQL, source_id, tx.now)


async def end(
    tx: Transaction,
    import_id: str,
    status: ImportStatus,
    *,
    reason: str | None = None,
    position: int | None = None,
) -> bool:
    """Bring an import to one of its ends; False when it may not come to it from where it is."""
    before = [one.value for one in sources_of(status)]
    values = (before, status, reason, tx.now, position)
    return await tx.fetchval(END_SQL, import_id, *values) is not None


async def exists(reader: Reader, import_id: str) -> bool:
    """Whether there is such an import."""
    found: bool = await reader.fetchval(EXISTS_SQL, import_id)
    return found


async def layout_behind(reader: Reader, payload_id: str) -> Layout | None:
    """How the file was laid out from which a refused row's payload came."""
    document: dict[str, Any] | None = await reader.fetchval(LAYOUT_BEHIND_SQL, payload_id)
    return None if document is None else layout_of(document)


async def chunk(reader: Reader, import_id: str, number: int) -> bytes:
    """A piece of the file."""
    body: bytes | None = await reader.fetchval(CHUNK_OF_SQL, import_id, number)
    return body or b""


async def forget_chunks(tx: Transaction, limit: int) -> int:
    """Delete pieces of files that nobody reads any more; returns how many."""
    return _count(await tx.execute(FORGET_CHUNKS_SQL, limit))


async def forget(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete what is known of imports that ended long ago; their payloads stay."""
    return _count(await tx.execute(FORGET_SQL, before, limit))


def layout_of(document: dict[str, Any]) -> Layout:
    """A layout as it was kept."""
    told = document | {
        "format": ImportFormat(document["format"]),
        "columns": tuple(document["columns"]),
    }
    return Layout(**told)


def _count(tag: str) -> int:
    return int(tag.rsplit(" ", 1)[1])
