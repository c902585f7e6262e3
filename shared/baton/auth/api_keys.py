"""API keys: random, shown once, stored as a hash, with scopes; and the ring that knows them."""

import hashlib
import hmac
import secrets
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from baton.database import Reader
from baton.errors import NotFound, Refused, Unauthorized
from baton.transaction import Transaction
from baton.transactions import Transactions

SCOPES: Final = frozenset(
    {
        "keys:admin",
        "leads:read",
        "leads:write",
        "parking:admin",
        "people:admin",
        "pii:read",
        "policies:admin",
        "prospects:read",
        "prospects:write",
        "reports:read",
        "reps:admin",
        "scores:read",
        "sources:admin",
    }
)
PREFIX: Final = "baton"
SECRET_BYTES: Final = 24
KEY_CHARACTERS_MAX: Final = 120
USED_EVERY: Final = timedelta(minutes=1)

FIND_SQL: Final = """
select key_id, name, secret_hash, scopes, source_id, expires_at, revoked_at, last_used_at
from api_keys where key_id = $1
"""
INSERT_SQL: Final = """
insert into api_keys (key_id, name, secret_hash, scopes, source_id, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7)
"""
REVOKE_SQL: Final = """
update api_keys set revoked_at = $2 where key_id = $1 and revoked_at is null returning name
"""
USED_SQL: Final = "update api_keys set last_used_at = $2 where key_id = $1"
LIST_SQL: Final = """
select key_id, name, scopes, source_id, created_at, expires_at, revoked_at, last_used_at
from api_keys order by created_at, key_id limit $1
"""
KEYS_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking, and what they may."""

    who: str
    key_id: str
    scopes: frozenset[str]
    source_id: str | None = None


async def create_key(
    tx: Transaction,
    name: str,
    scopes: Sequence[str],
    *,
    source_id: str | None = None,
    expires_at: datetime | None = None,
) -> tuple[str, str]:
    """Make a key; returns its text, which is not kept anywhere, and its id.

    Raises `Refused` for scopes that do not exist.
    """
    unknown = sorted(set(scopes) - SCOPES)
    if unknown or not scopes:
        raise Refused(f"scopes must be some of {', '.join(sorted(SCOPES))}", field="scopes")
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(SECRET_BYTES)
    await tx.execute(
        INSERT_SQL, key_id, name, _hash(secret), sorted(scopes), source_id, tx.now, expires_at
    )
    body = f"{PREFIX}_{key_id}_{secret}"
    return f"{body}{_checksum(body)}", key_id


async def revoke_key(tx: Transaction, key_id: str) -> None:
    """End a key; caches forget it within seconds. Raises `NotFound`."""
    if await tx.fetchval(REVOKE_SQL, key_id, tx.now) is None:
        raise NotFound("there is no such key, or it is revoked already", field="key_id")


async def list_keys(reader: Reader) -> list[dict[str, Any]]:
    """All keys, without anything secret."""
    return [dict(row) for row in await reader.fetch(LIST_SQL, KEYS_MAX)]


class KeyRing:
    """Tells who a key belongs to, from memory for a few seconds, else from the database.

    What is remembered is bound to the whole header, so a wrong secret never meets a right one's
    memory; the memory is bounded, and a flood of wrong keys empties it and costs look-ups.
    """

    def __init__(
        self, transactions: Transactions, *, cache_seconds: float = 5.0, entries_max: int = 10_000
    ) -> None:
        self._transactions = transactions
        self._cache_for = timedelta(seconds=cache_seconds)
        self._entries_max = entries_max
        self._known: dict[bytes, tuple[datetime, Identity | None]] = {}

    async def identify(self, header: bytes | None) -> Identity:
        """Who it is, by the `Authorization` header. Raises `Unauthorized`."""
        if header is None:
            raise Unauthorized
        entry = self._known.get(header)
        now = self._transactions.clock.now()
        if entry is None or entry[0] < now:
            identity = await self._look_up(header, now)
            if len(self._known) >= self._entries_max:
                self._known.clear()
            self._known[header] = entry = (now + self._cache_for, identity)
        if entry[1] is None:
            raise Unauthorized
        return entry[1]

    async def _look_up(self, header: bytes, now: datetime) -> Identity | None:
        parts = _parts(header)
        if parts is None:
            return None
        key_id, secret = parts
        async with self._transactions.read() as reader:
            row = await reader.fetchrow(FIND_SQL, key_id)
        if row is None or not hmac.compare_digest(row["secret_hash"], _hash(secret)):
            return None
        if row["revoked_at"] is not None or (row["expires_at"] and row["expires_at"] <= now):
            return None
        if row["last_used_at"] is None or now - row["last_used_at"] > USED_EVERY:
            async with self._transactions.begin() as tx:
                await tx.execute(USED_SQL, key_id, now)
        return Identity(
            f"key:{row['name']}", row["key_id"], frozenset(row["scopes"]), row["source_id"]
        )


def _parts(header: bytes) -> tuple[str, str] | None:
    """Key id and secret of a header whose checksum is right."""
    scheme, _, text = header.decode("latin-1").partition(" ")
    if scheme.lower() != "bearer" or not text.isascii() or len(text) > KEY_CHARACTERS_MAX:
        return None
    text = text.strip()
    body, checksum = text[:-CHECKSUM_CHARACTERS], text[-CHECKSUM_CHARACTERS:]
    prefix, _, rest = body.partition("_")
    key_id, _, secret = rest.partition("_")
    if prefix != PREFIX or not secret or not hmac.compare_digest(checksum, _checksum(body)):
        return None
    return key_id, secret


CHECKSUM_CHARACTERS: Final = 8


def _checksum(body: str) -> str:
    """So that scanners of leaked secrets, and we, know a key from a typing error."""
    return f"{zlib.crc32(body.encode()):08x}"


def _hash(secret: str) -> bytes:
    """SHA-256 is enough: the secret is random, there is nothing to guess."""
    return hashlib.sha256(secret.encode()).digest()
