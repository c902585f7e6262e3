"""Policies, facts, leads, receipts, people and outcomes."""

from alembic import op

revision = "0002"
down_revision = "0001"

UPGRADE = (
    """
    create table policies (
      version integer primary key,
      document jsonb not null,
      created_at timestamptz not null,
      created_by text not null,
      published_at timestamptz,
      published_by text
    )
    """,
    "create table active_policy (id smallint primary key, version integer not null)",
    """
    create table facts (
      lead_id uuid primary key,
      event_id uuid not null,
      person_id uuid not null,
      happened_at timestamptz not null,
      received_at timestamptz not null,
      is_test boolean not null,
      data jsonb not null
    )
    """,
    "create index facts_person on facts (person_id, happened_at, lead_id)",
    "create index facts_event on facts (event_id)",
    """
    create table leads (
      lead_id uuid primary key,
      state text not null,
      prospect_id uuid,
      withdrawn_at timestamptz
    ) with (fillfactor = 90)
    """,
    """
    create table receipts (
      id uuid primary key,
      lead_id uuid not null,
      person_id uuid not null,
      policy_version integer not null,
      result text not null,
      reason text,
      fit double precision not null,
      engagement double precision not null,
      details jsonb not null,
      decided_at timestamptz not null
    )
    """,
    "create index receipts_lead on receipts (lead_id)",
    "create index receipts_result on receipts (result)",
    """
    create table consents (
      event_id uuid primary key,
      person_id uuid not null,
      version integer not null,
      grants_contact boolean not null,
      happened_at timestamptz not null
    )
    """,
    "create index consents_person on consents (person_id, version)",
    """
    create table erasures (
      person_id uuid primary key,
      event_id uuid not null,
      erased_at timestamptz not null
    )
    """,
    """
    create table merges (
      id uuid primary key, version integer not null, is_active boolean not null
    )
    """,
    """
    create table merge_members (
      merge_id uuid, person_id uuid, primary key (merge_id, person_id)
    )
    """,
    "create index merge_members_person on merge_members (person_id)",
    """
    create table outcomes (
      prospect_id uuid,
      deal_id text,
      version integer,
      event_id uuid not null,
      person_id uuid not null,
      outcome text not null,
      amount numeric(20, 6),
      currency text,
      reason text,
      closed_at timestamptz not null,
      heard_at timestamptz not null,
      primary key (prospect_id, deal_id, version)
    )
    """,
    """
    create table outcome_leads (
      lead_id uuid, prospect_id uuid, deal_id text, version integer,
      primary key (lead_id, prospect_id, deal_id, version)
    )
    """,
)
TABLES = (
    "outcome_leads",
    "outcomes",
    "merge_members",
    "merges",
    "erasures",
    "consents",
    "receipts",
    "leads",
    "facts",
    "active_policy",
    "policies",
)


def upgrade() -> None:
    """Make the tables."""
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    for table in TABLES:
        op.execute(f"drop table {table}")
