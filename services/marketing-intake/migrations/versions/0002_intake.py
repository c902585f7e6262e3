"""Sources, people, leads and what became of them."""

from alembic import op

revision = "0002"
down_revision = "0001"

UPGRADE = (
    """
    create table sources (
      id uuid primary key,
      name text not null unique,
      kind text not null,
      channel text not null,
      is_active boolean not null,
      form_key text unique,
      redirects text[] not null,
      honeypot text not null,
      declared jsonb not null,
      cost_per_lead numeric(18, 4),
      currency text,
      created_at timestamptz not null
    )
    """,
    """
    create table campaigns (
      id uuid primary key, name text not null unique, created_at timestamptz not null
    )
    """,
    """
    create table people (
      id uuid primary key,
      created_at timestamptz not null,
      card jsonb not null,
      card_version integer not null,
      consent text[],
      consent_version integer not null default 0,
      erased_at timestamptz
    ) with (fillfactor = 90)
    """,
    """
    create table identifiers (
      kind text, value text, person_id uuid not null, primary key (kind, value)
    )
    """,
    "create index identifiers_person on identifiers (person_id)",
    """
    create table merges (
      id uuid primary key,
      member_ids uuid[] not null,
      survivor_id uuid not null,
      version integer not null,
      is_active boolean not null,
      created_at timestamptz not null
    )
    """,
    """
    create table payloads (
      id uuid primary key,
      source_id uuid not null,
      received_at timestamptz not null,
      content_type text not null,
      body bytea,
      status text not null,
      kind text,
      field text,
      detail text,
      resent_as uuid
    )
    """,
    "create index payloads_refused on payloads (id) where status = 'refused'",
    """
    create table leads (
      id uuid primary key,
      person_id uuid not null,
      source_id uuid not null,
      campaign_id uuid,
      channel text not null,
      received_at timestamptz not null,
      happened_at timestamptz not null,
      correlation_id uuid not null,
      own_state text not null,
      scoring_state text,
      sales_state text,
      state text not null,
      was_qualified boolean not null default false,
      was_accepted boolean not null default false,
      fit double precision,
      engagement double precision,
      policy_version integer,
      reasons jsonb,
      missing text[],
      prospect_id uuid,
      rep_id uuid,
      deal_id text,
      deal_version integer,
      outcome text,
      closure_reason text,
      amount numeric(18, 4),
      currency text,
      closed_at timestamptz,
      details jsonb
    ) with (fillfactor = 80)
    """,
    "create index leads_person on leads (person_id)",
    "create index leads_happened on leads (happened_at)",
    """
    create table lead_steps (
      event_id uuid,
      lead_id uuid,
      type text not null,
      happened_at timestamptz not null,
      recorded_at timestamptz not null,
      heard_at timestamptz not null,
      primary key (lead_id, event_id)
    )
    """,
    "create table reps (id uuid primary key, name text not null, team text not null)",
    """
    create table idempotency (
      source_id uuid,
      key_hash bytea,
      fingerprint bytea not null,
      status smallint not null,
      body bytea not null,
      created_at timestamptz not null,
      primary key (source_id, key_hash)
    )
    """,
    "create index idempotency_created on idempotency using brin (created_at)",
    "create table burials (person_id uuid primary key, due_at timestamptz not null)",
    """
    create table trait_values (
      source_id uuid, name text, value text, primary key (source_id, name, value)
    )
    """,
)
TABLES = (
    "trait_values", "burials", "idempotency", "reps", "lead_steps", "leads", "payloads", "merges",
    "identifiers", "people", "campaigns", "sources",
)  # fmt: skip


def upgrade() -> None:
    """Make the tables."""
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    for table in TABLES:
        op.execute(f"drop table {table}")
