"""Sessions: who is signed in, by a random token of which only the hash is kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from baton.auth.staff import MAY_SEE_PERSONAL_DATA, TOKEN_BYTES, Role, hash_token
from baton.database import Reader
from baton.transaction import Transaction

ATTEMPTS_MAX: Final = 5
ATTEMPTS_WITHIN: Final = timedelta(minutes=15)

INSERT_SQL: Final = """
insert into sessions (token_hash, staff_id, csrf_token, created_at, expires_at)
values ($1, $2, $3, $4, $5)
"""
FIND_SQL: Final = """
select s.staff_id, s.csrf_token, m.name, m.role
from sessions s join staff m on m.id = s.staff_id
where s.token_hash = $1 and s.expires_at > $2 and m.is_active
"""
END_SQL: Final = "delete from sessions where token_hash = $1 or expires_at < $2"
ATTEMPT_SQL: Final = "insert into sign_in_attempts (key, at) values ($1, $2)"
FORGET_SQL: Final = "delete from sign_in_attempts where at < $1"
ATTEMPTS_SQL: Final = "select count(*) from sign_in_attempts where key = $1 and at > $2"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in."""

    staff_id: str
    name: str
    role: Role
    csrf_token: str

    @property
    def who(self) -> str:
        """How the audit record calls them."""
        return f"staff:{self.staff_id}"

    @property
    def may_see_personal_data(self) -> bool:
        """Whether pages show them names and addresses unmasked."""
        return self.role in MAY_SEE_PERSONAL_DATA


async def begin_session(tx: Transaction, staff_id: str, *, hours: int) -> str:
    """Sign somebody in; returns the token for their cookie."""
    token, csrf = secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = tx.now + timedelta(hours=hours)
    await tx.execute(INSERT_SQL, hash_token(token), staff_id, csrf, tx.now, expires_at)
    return token


async def find_session(reader: Reader, token: str, now: datetime) -> Person | None:
    """Who this token belongs to, while it lasts."""
    row = await reader.fetchrow(FIND_SQL, hash_token(token), now)
    if row is None:
        return None
    return Person(row["staff_id"], row["name"], Role(row["role"]), row["csrf_token"])


async def end_session(tx: Transaction, token: str) -> None:
    """Sign out, and let go of sessions that are over."""
    await tx.execute(END_SQL, hash_token(token), tx.now)


async def count_attempt(tx: Transaction, key: str) -> int:
    """Note an attempt to sign in; returns how many there were lately, with this one."""
    hashed = hash_token(key).hex()
    await tx.execute(FORGET_SQL, tx.now - timedelta(days=1))
    await tx.execute(ATTEMPT_SQL, hashed, tx.now)
    count: int = await tx.fetchval(ATTEMPTS_SQL, hashed, tx.now - ATTEMPTS_WITHIN)
    return count
