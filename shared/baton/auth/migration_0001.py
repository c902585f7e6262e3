"""The tables of this room as they were first made; a later change is a new file."""

from typing import Final

from alembic import op

UPGRADE: Final = (
    """
    create table api_keys (
      key_id text primary key,
      name text not null,
      secret_hash bytea not null,
      scopes text[] not null,
      source_id uuid,
      created_at timestamptz not null,
      expires_at timestamptz,
      revoked_at timestamptz,
      last_used_at timestamptz
    )
    """,
    """
    create table staff (
      id uuid primary key,
      email text not null unique,
      name text not null,
      role text not null,
      password_hash text,
      is_active boolean not null default true,
      created_at timestamptz not null
    )
    """,
    """
    create table sessions (
      token_hash bytea primary key,
      staff_id uuid not null,
      csrf_token text not null,
      created_at timestamptz not null,
      expires_at timestamptz not null
    )
    """,
    """
    create table sign_in_links (
      token_hash bytea primary key,
      staff_id uuid not null,
      expires_at timestamptz not null,
      used_at timestamptz
    )
    """,
    "create table sign_in_attempts (key text not null, at timestamptz not null)",
    "create index sign_in_attempts_key on sign_in_attempts (key, at)",
    """
    create table audit_log (
      id uuid primary key,
      at timestamptz not null,
      who text not null,
      what text not null,
      subject text not null,
      old jsonb,
      new jsonb
    )
    """,
    "create index audit_log_subject on audit_log (subject, at)",
)
TABLES: Final = (
    "audit_log",
    "sign_in_attempts",
    "sign_in_links",
    "sessions",
    "staff",
    "api_keys",
)


def upgrade() -> None:
    """Make the tables."""
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    for table in TABLES:
        op.execute(f"drop table {table}")
