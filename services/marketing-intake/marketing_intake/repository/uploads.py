"""Uploads as they are kept: a file comes in chunks, and is an import once it is whole."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from baton.database import Reader
from baton.transaction import Transaction
from marketing_intake.domain.imports import ImportStatus, Layout

INSERT_SQL: Final = """
insert into imports (id, source_id, name, status, layout, who, traceparent, key_hash, turn_at,
  created_at)
values ($1, $2, $3, 'uploading', '{}', $4, $5, $6, $7, $7)
on conflict (source_id, key_hash) do nothing
"""
UNDER_KEY_SQL: Final = """
select id, status, fingerprint, turn_at from imports where source_id = $1 and key_hash = $2
"""
CHUNK_SQL: Final = """
with touched as (
  update imports set turn_at = $4 where id = $1 and status = 'uploading' returning id
)
insert into import_chunks (import_id, number, body) select id, $2, $3 from touched returning number
"""
TOUCH_SQL: Final = "update imports set turn_at = $2 where id = $1 and status = 'uploading'"
UPLOADED_SQL: Final = """
update imports set status = 'waiting', layout = $2, position = $3, encoding = $4, size_bytes = $5,
  fingerprint = $6, turn_at = $7
where id = $1 and status = 'uploading' returning id
"""
GIVE_UP_SQL: Final = """
update imports set status = 'cancelled', reason = $2, ended_at = $3, key_hash = null
where id = $1 and status = 'uploading'
"""
DISCARD_SQL: Final = "delete from imports where id = $1 and status = 'uploading'"
WAITING_SQL: Final = """
select count(*) as waiting, count(*) filter (where source_id = $1 and turn_at > $2) as held
from imports where status in ('uploading', 'waiting')
"""
STALE_SQL: Final = """
update imports set status = 'cancelled', reason = 'the upload did not come to its end',
  ended_at = $2, key_hash = null
where status = 'uploading' and turn_at < $1
"""


@dataclass(frozen=True, slots=True)
class NewImport:
    """An import to be made."""

    id: str
    source_id: str
    name: str
    who: str
    traceparent: str | None
    key_hash: bytes | None


@dataclass(frozen=True, slots=True)
class UnderKey:
    """The import that a key has made; the fingerprint is there once its upload is through."""

    id: str
    is_uploading: bool
    fingerprint: bytes | None
    touched_at: datetime


async def insert(tx: Transaction, new: NewImport) -> bool:
    """Keep a new import; False when its key has made one already."""
    values = (new.id, new.source_id, new.name, new.who, new.traceparent, new.key_hash)
    tag = await tx.execute(INSERT_SQL, *values, tx.now)
    return tag.endswith(" 1")


async def under_key(reader: Reader, source_id: str, key_hash: bytes) -> UnderKey | None:
    """The import that this source has made under a key."""
    row = await reader.fetchrow(UNDER_KEY_SQL, source_id, key_hash)
    if row is None:
        return None
    is_uploading = row["status"] == ImportStatus.UPLOADING
    return UnderKey(row["id"], is_uploading, row["fingerprint"], row["turn_at"])


async def insert_chunk(tx: Transaction, import_id: str, number: int, body: bytes) -> bool:
    """Keep a piece of the file; False when the upload is no longer wanted."""
    return await tx.fetchval(CHUNK_SQL, import_id, number, body, tx.now) is not None


async def touch(tx: Transaction, import_id: str) -> None:
    """Say that the upload goes on."""
    await tx.execute(TOUCH_SQL, import_id, tx.now)


async def set_uploaded(
    tx: Transaction, import_id: str, layout: Layout, *, encoding: str, size: int, fingerprint: bytes
) -> bool:
    """Let the import wait for its turn; False when the upload is no longer wanted."""
    document = asdict(layout)
    values = (document, layout.start, encoding, size, fingerprint, tx.now)
    return await tx.fetchval(UPLOADED_SQL, import_id, *values) is not None


async def give_up(tx: Transaction, import_id: str, reason: str) -> None:
    """End an upload that broke off; its key is free again."""
    await tx.execute(GIVE_UP_SQL, import_id, reason, tx.now)


async def discard(tx: Transaction, import_id: str) -> None:
    """Leave nothing of an upload that was refused."""
    await tx.execute(DISCARD_SQL, import_id)


async def waiting(tx: Transaction, source_id: str) -> tuple[int, int]:
    """How many imports are coming or wait for their turn, and how many of a source are held back.

    A file of a source that has had its day's worth is not held back before its turn has come.
    """
    row = await tx.fetchrow(WAITING_SQL, source_id, tx.now)
    assert row is not None
    return row["waiting"], row["held"]


async def end_stale_uploads(tx: Transaction, before: datetime) -> int:
    """End uploads that have not gone on for a while; returns how many."""
    tag = await tx.execute(STALE_SQL, before, tx.now)
    return int(tag.rsplit(" ", 1)[1])
