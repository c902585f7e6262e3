"""Policies: the version that holds, read under a lock, and the steps of making one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from asyncpg import Record

from baton.database import Reader
from baton.errors import Unavailable
from baton.transaction import Transaction
from lead_scoring.domain.policy import Policy
from lead_scoring.repository.documents import PolicyDocument
from lead_scoring.repository.policy_reading import read_policy
from lead_scoring.tables import PolicyRow

LOCK: Final = 0x0BA7_5C02
"""The advisory lock under which policies are drafted and published, one at a time."""
COLUMNS: Final = ("version", "document", "created_at", "created_by")

# Two statements: one that joined the document would lose its row when it had to wait for a publish.
ACTIVE_SQL: Final = "select version from active_policy where id = 1"
DOCUMENT_SQL: Final = "select document::text from policies where version = $1"
DOCUMENTS_SQL: Final = """
select version, document::text as document from policies where version = any ($1::integer[])
"""
LOCK_SQL: Final = "select pg_advisory_xact_lock($1)"
NEXT_SQL: Final = "select coalesce(max(version), 0) + 1 from policies"
FIND_SQL: Final = """
select version, document, created_at, created_by, published_at, published_by
from policies where version = $1
"""
ACTIVATE_SQL: Final = """
insert into active_policy (id, version, publication) values (1, $1, $2)
on conflict (id) do update set version = excluded.version, publication = excluded.publication
"""
PUBLISHED_SQL: Final = """
update policies set published_at = $2, published_by = $3 where version = $1
"""


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """A version as it is stored; `published_at` is None for a draft."""

    version: int
    document: PolicyDocument
    created_at: datetime
    created_by: str
    published_at: datetime | None
    published_by: str | None


async def share_active(tx: Transaction) -> Policy:
    """The version that holds until this transaction ends: publishing another one waits for it.

    Raises `Unavailable` when none was ever published.
    """
    version = await tx.fetchval(f"{ACTIVE_SQL} for share")
    if version is None:
        raise Unavailable("no policy is published yet")
    return await load(tx, version)


async def load(reader: Reader, version: int) -> Policy:
    """A version that is known to exist."""
    return read_policy(version, await reader.fetchval(DOCUMENT_SQL, version))


async def load_many(reader: Reader, versions: set[int]) -> dict[int, Policy]:
    """The versions that exist."""
    rows = await reader.fetch(DOCUMENTS_SQL, sorted(versions))
    return {row["version"]: read_policy(row["version"], row["document"]) for row in rows}


async def active_version(reader: Reader) -> int | None:
    """The version that holds now; None before the first is published."""
    version: int | None = await reader.fetchval(ACTIVE_SQL)
    return version


async def find(reader: Reader, version: int) -> StoredPolicy | None:
    """A version with who made it."""
    row = await reader.fetchrow(FIND_SQL, version)
    return None if row is None else stored(row)


def stored(row: Record) -> StoredPolicy:
    """The version in a row."""
    return StoredPolicy(
        **(dict(row) | {"document": PolicyDocument.model_validate(row["document"])})
    )


async def lock(tx: Transaction) -> None:
    """Let nobody else draft or publish until this transaction ends."""
    await tx.execute(LOCK_SQL, LOCK)


async def add_draft(tx: Transaction, document: PolicyDocument, who: str) -> int:
    """Keep a new version; returns its number. Call it under `lock`."""
    version: int = await tx.fetchval(NEXT_SQL)
    row = (version, document.model_dump(mode="json"), tx.now, who)
    await tx.insert(PolicyRow, COLUMNS, [row])
    return version


async def activate(tx: Transaction, version: int, who: str, *, publication: int) -> None:
    """Make a version the one that holds; waits for every transaction that decides by another."""
    await tx.execute(ACTIVATE_SQL, version, publication)
    await tx.execute(PUBLISHED_SQL, version, tx.now, who)
