"""The frame's tables as they were first made. It never changes; a later change is a new file."""

from typing import Final

from alembic import op

UPGRADE: Final = (
    """
    create table outbox (
      seq bigint generated always as identity primary key,
      id uuid not null,
      aggregatetype text not null,
      aggregateid text not null,
      type text not null,
      payload bytea,
      headers text not null,
      shard smallint not null,
      created_at timestamptz not null default now()
    ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)
    """,
    "create table relay_shards (shard smallint primary key)",
    "insert into relay_shards select generate_series(0, 7)",
    """
    create table tallies (
      name text, slot smallint, count bigint not null, primary key (name, slot)
    ) with (fillfactor = 50)
    """,
    """
    create table inbox (
      consumer_group text, event_id uuid, heard_at timestamptz not null,
      primary key (consumer_group, event_id)
    )
    """,
    "create index inbox_heard_at on inbox using brin (heard_at)",
    """
    create table consumer_offsets (
      consumer_group text, topic text, partition integer,
      position bigint not null, moved_at timestamptz not null default now(),
      primary key (consumer_group, topic, partition)
    ) with (fillfactor = 50)
    """,
    """
    create table parked (
      id bigint generated always as identity primary key,
      consumer_group text not null,
      topic text not null,
      partition integer not null,
      position bigint not null,
      key text not null,
      value bytea,
      headers jsonb not null,
      event_id uuid,
      event_type text,
      status text not null,
      reason text not null,
      message text not null,
      traceback text,
      attempts integer not null,
      first_failed_at timestamptz not null,
      next_attempt_at timestamptz not null
    )
    """,
    "create index parked_key on parked (consumer_group, key, id)",
    "create index parked_due on parked (status, next_attempt_at)",
    """
    create table work (
      id uuid primary key,
      kind text not null,
      payload jsonb not null,
      due_at timestamptz not null,
      created_at timestamptz not null,
      attempts integer not null default 0,
      last_error text,
      failed_at timestamptz
    )
    """,
    "create index work_due on work (due_at) where failed_at is null",
    """
    create table feed_items (
      id bigint generated always as identity primary key,
      feed text not null,
      key text not null,
      item jsonb not null,
      created_at timestamptz not null,
      position bigint
    )
    """,
    "create unique index feed_items_position on feed_items (feed, position)",
    "create index feed_items_new on feed_items (feed, id) where position is null",
)
TABLES: Final = (
    "feed_items",
    "work",
    "parked",
    "consumer_offsets",
    "inbox",
    "tallies",
    "relay_shards",
    "outbox",
)


def upgrade() -> None:
    """Make the tables."""
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    for table in TABLES:
        op.execute(f"drop table {table}")
