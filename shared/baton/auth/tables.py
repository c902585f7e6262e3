"""The tables of keys, accounts, sessions and the audit record, which every service has."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

STAFF_PERSONAL = {"personal": "blanked when the account is closed"}
NOW = text("now()")
WORD = {"word": True}
"""Holds nothing that names, reaches or was written by a person whom leads are of."""


def add_auth_tables(metadata: MetaData) -> None:
    """Add API keys, staff, sessions, sign-in links and attempts, and the audit record."""
    _add_keys(metadata)
    _add_staff(metadata)
    Table(
        "audit_log",
        metadata,
        Column("id", UUID, primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("who", Text, nullable=False, info=WORD),
        Column("what", Text, nullable=False, info=WORD),
        Column("subject", Text, nullable=False, info=WORD),
        Column("old", JSONB, info=WORD),
        Column("new", JSONB, info=WORD),
        Index("audit_log_subject", "subject", "at"),
    )


def _add_keys(metadata: MetaData) -> None:
    Table(
        "api_keys",
        metadata,
        Column("key_id", Text, primary_key=True, info=WORD),
        Column("name", Text, nullable=False, info=WORD),
        Column("secret_hash", LargeBinary, nullable=False, info=WORD),
        Column("scopes", ARRAY(Text), nullable=False, info=WORD),
        Column("source_id", UUID),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("expires_at", DateTime(timezone=True)),
        Column("revoked_at", DateTime(timezone=True)),
        Column("last_used_at", DateTime(timezone=True)),
    )


def _add_staff(metadata: MetaData) -> None:
    Table(
        "staff",
        metadata,
        Column("id", UUID, primary_key=True),
        Column("email", Text, nullable=False, unique=True, info=STAFF_PERSONAL),
        Column("name", Text, nullable=False, info=STAFF_PERSONAL),
        Column("role", Text, nullable=False, info=WORD),
        Column("password_hash", Text, info=STAFF_PERSONAL),
        Column("is_active", Boolean, nullable=False, server_default=text("true")),
        Column("created_at", DateTime(timezone=True), nullable=False),
    )
    Table(
        "sessions",
        metadata,
        Column("token_hash", LargeBinary, primary_key=True, info=WORD),
        Column("staff_id", UUID, nullable=False),
        Column("csrf_token", Text, nullable=False, info=WORD),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("expires_at", DateTime(timezone=True), nullable=False),
    )
    Table(
        "sign_in_links",
        metadata,
        Column("token_hash", LargeBinary, primary_key=True, info=WORD),
        Column("staff_id", UUID, nullable=False),
        Column("expires_at", DateTime(timezone=True), nullable=False),
        Column("used_at", DateTime(timezone=True)),
    )
    Table(
        "sign_in_attempts",
        metadata,
        Column("key", Text, nullable=False, info={"personal": "a hash; goes after a day"}),
        Column("at", DateTime(timezone=True), nullable=False),
        Index("sign_in_attempts_key", "key", "at"),
    )
