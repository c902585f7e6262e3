"""Imports: their files in chunks, how far they are, what was refused."""

from alembic import op

revision = "0004"
down_revision = "0003"

UPGRADE = (
    """
    create table imports (
      id uuid primary key,
      source_id uuid not null,
      name text not null,
      status text not null,
      layout jsonb not null,
      encoding text,
      size_bytes bigint not null default 0,
      position bigint not null default 0,
      rows bigint not null default 0,
      taken bigint not null default 0,
      refused bigint not null default 0,
      reason text,
      who text not null,
      traceparent text,
      key_hash bytea,
      fingerprint bytea,
      runner uuid,
      turn_at timestamptz not null,
      created_at timestamptz not null,
      started_at timestamptz,
      ended_at timestamptz,
      check (taken + refused = rows)
    ) with (fillfactor = 50)
    """,
    "create unique index imports_key on imports (source_id, key_hash)",
    "create index imports_open on imports (turn_at) where status in ('waiting', 'running')",
    """
    create table import_chunks (
      import_id uuid, number integer, body bytea not null, primary key (import_id, number)
    )
    """,
    # Read once or twice and in parts: compressing it costs more than it saves.
    "alter table import_chunks alter column body set storage external",
    """
    create table import_refusals (
      import_id uuid, row bigint, payload_id uuid not null, primary key (import_id, row)
    )
    """,
    "create index import_refusals_payload on import_refusals (payload_id)",
)
DOWNGRADE = ("drop table import_refusals", "drop table import_chunks", "drop table imports")


def upgrade() -> None:
    """Make it so."""
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    for statement in DOWNGRADE:
        op.execute(statement)
