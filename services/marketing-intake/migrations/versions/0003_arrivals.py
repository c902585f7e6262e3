"""What arrives besides leads: activities, set-aside payloads, vendors, event ids, strays."""

from alembic import op

revision = "0003"
down_revision = "0002"

UPGRADE = (
    """
    alter table sources
      add column role text not null default 'campaign',
      add column vendor text,
      add column config jsonb not null default '{}',
      add column secrets bytea[] not null default '{}',
      add column contract_version integer not null default 1
    """,
    """
    alter table payloads
      add column failure text,
      add column component text,
      add column component_version smallint,
      add column contract_version integer
    """,
    "drop index payloads_refused",
    "create index payloads_refused on payloads (id) where status in ('refused', 'awaiting')",
    "alter table leads add column contract_version integer not null default 1",
    "alter table leads add column company_id uuid",
    "drop index leads_happened",
    "create index leads_happened on leads using brin (happened_at)",
    "alter table idempotency add column kept_until timestamptz",
    "create index idempotency_kept on idempotency (kept_until) where kept_until is not null",
    """
    create table activities (
      id uuid primary key,
      person_id uuid not null,
      source_id uuid not null,
      campaign_id uuid,
      channel text not null,
      kind text not null,
      happened_at timestamptz not null,
      received_at timestamptz not null,
      correlation_id uuid not null,
      contract_version integer not null,
      suspicion text,
      message_id text,
      details jsonb
    )
    """,
    "create index activities_person on activities (person_id, happened_at)",
    "create index activities_message on activities (source_id, message_id, happened_at)"
    " where message_id is not null",
    """
    create table strays (
      id uuid primary key,
      source_id uuid,
      component text not null,
      reason text not null,
      received_at timestamptz not null,
      body_bytes bigint not null,
      sample bytea
    )
    """,
    "create index strays_received on strays (received_at)",
)
DOWNGRADE = (
    "drop table strays",
    "drop table activities",
    "drop index idempotency_kept",
    "alter table idempotency drop column kept_until",
    "drop index leads_happened",
    "create index leads_happened on leads (happened_at)",
    "alter table leads drop column company_id, drop column contract_version",
    "drop index payloads_refused",
    "create index payloads_refused on payloads (id) where status = 'refused'",
    "alter table payloads drop column failure, drop column component,"
    " drop column component_version, drop column contract_version",
    "alter table sources drop column role, drop column vendor, drop column config,"
    " drop column secrets, drop column contract_version",
)


def upgrade() -> None:
    """Make it so."""
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    for statement in DOWNGRADE:
        op.execute(statement)
