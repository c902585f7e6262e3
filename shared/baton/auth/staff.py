"""People who sign in to pages: accounts, passwords, one-time links."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from baton.database import Reader
from baton.errors import NotFound, Refused
from baton.ids import new_id
from baton.transaction import Transaction

PASSWORD_CHARACTERS_MIN: Final = 12
PASSWORD_CHARACTERS_MAX: Final = 200
TOKEN_BYTES: Final = 32

UPSERT_SQL: Final = """
insert into staff (id, email, name, role, password_hash, created_at)
values ($1, $2, $3, $4, $5, $6)
on conflict (email) do update set name = excluded.name, role = excluded.role,
  password_hash = coalesce(excluded.password_hash, staff.password_hash), is_active = true
returning id
"""
BY_EMAIL_SQL: Final = """
select id, name, role, password_hash from staff where email = $1 and is_active
"""
LINK_SQL: Final = "insert into sign_in_links (token_hash, staff_id, expires_at) values ($1, $2, $3)"
USE_LINK_SQL: Final = """
update sign_in_links set used_at = $2
where token_hash = $1 and used_at is null and expires_at > $2 returning staff_id
"""

_hasher = PasswordHasher()
_NOBODY: Final = _hasher.hash(secrets.token_hex(16))
"""Checked when there is no such account, so that the answer takes as long as for one there is."""


class Role(StrEnum):
    """What somebody is here for; one person, one role."""

    MARKETING = "marketing"
    REP = "rep"
    MANAGER = "manager"
    OPERATOR = "operator"


MAY_SEE_PERSONAL_DATA: Final = frozenset({Role.REP, Role.MANAGER})


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in."""

    staff_id: str
    name: str
    role: Role


async def create_staff(
    tx: Transaction, *, email: str, role: str, name: str, password: str | None = None
) -> str:
    """Make an account, or change the one of this e-mail address; returns its id.

    Raises `Refused` for an unknown role or a password that is too short.
    """
    if role not in set(Role):
        raise Refused(f"role must be one of {', '.join(Role)}", field="role")
    if password is not None and not (
        PASSWORD_CHARACTERS_MIN <= len(password) <= PASSWORD_CHARACTERS_MAX
    ):
        raise Refused(
            f"password must have {PASSWORD_CHARACTERS_MIN} to {PASSWORD_CHARACTERS_MAX} characters",
            field="password",
        )
    hashed = None if password is None else _hasher.hash(password)
    staff_id: str = await tx.fetchval(
        UPSERT_SQL, new_id(), email.strip().lower(), name, role, hashed, tx.now
    )
    tx.audit(who="command", what="account made", subject=staff_id, old=None, new={"role": role})
    return staff_id


async def check_password(reader: Reader, email: str, password: str) -> Account | None:
    """The account, when the password is right; it takes as long when there is none."""
    row = await reader.fetchrow(BY_EMAIL_SQL, email.strip().lower())
    stored = row["password_hash"] if row and row["password_hash"] else _NOBODY
    try:
        _hasher.verify(stored, password[:PASSWORD_CHARACTERS_MAX])
    except (VerificationError, InvalidHashError):
        return None
    if row is None or not row["password_hash"]:
        return None
    return Account(row["id"], row["name"], Role(row["role"]))


async def make_sign_in_link(tx: Transaction, *, email: str, minutes: int = 60) -> str:
    """Make a token with which this account signs in once. Raises `NotFound`."""
    row = await tx.fetchrow(BY_EMAIL_SQL, email.strip().lower())
    if row is None:
        raise NotFound("there is no account with that e-mail address", field="email")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await tx.execute(LINK_SQL, hash_token(token), row["id"], tx.now + timedelta(minutes=minutes))
    return token


async def use_sign_in_link(tx: Transaction, token: str) -> str | None:
    """The account's id, the first time and in time; None otherwise."""
    staff_id: str | None = await tx.fetchval(USE_LINK_SQL, hash_token(token), tx.now)
    return staff_id


def hash_token(token: str) -> bytes:
    """How a random token is stored."""
    return hashlib.sha256(token.encode()).digest()
