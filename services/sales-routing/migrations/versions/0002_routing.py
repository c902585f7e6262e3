"""Reps, pools and their logs; people; prospects, their leads, offers, outcomes and steps."""

from typing import Final

from alembic import op

revision = "0002"
down_revision = "0001"

UPGRADE: Final = (
    """
    create table reps (
      id uuid primary key,
      name text not null,
      sign_in text unique,
      team text not null,
      weight integer not null,
      capacity integer,
      is_available boolean not null,
      is_active boolean not null,
      open integer not null,
      described integer not null,
      created_at timestamptz not null
    ) with (fillfactor = 50)
    """,
    """
    create table pools (
      id uuid primary key,
      name text not null unique,
      accept_seconds double precision,
      decision_number bigint not null,
      created_at timestamptz not null
    ) with (fillfactor = 50)
    """,
    """
    create table pool_members (
      pool_id uuid references pools (id),
      rep_id uuid references reps (id),
      is_member boolean not null,
      received bigint not null,
      shortfall bigint not null,
      primary key (pool_id, rep_id)
    ) with (fillfactor = 50)
    """,
    "create index pool_members_rep on pool_members (rep_id)",
    """
    create table rulebook (
      id smallint primary key, version integer not null, document jsonb not null
    )
    """,
    "insert into rulebook (id, version, document) values (1, 0, '{}')",
    """
    create table decisions (
      pool_id uuid,
      number bigint,
      kind text not null,
      at timestamptz not null,
      prospect_id uuid,
      rep_id uuid,
      eligible bytea,
      document jsonb,
      primary key (pool_id, number)
    )
    """,
    """
    create table people (
      person_id uuid primary key,
      card_version bigint,
      given_name text,
      family_name text,
      email text,
      phone text,
      company text,
      job_title text,
      country text,
      message text,
      page_url text,
      external_ids jsonb,
      consent_version bigint not null default 0,
      refused_at timestamptz,
      erased_at timestamptz
    )
    """,
    """
    create table merge_members (
      merge_id uuid,
      person_id uuid,
      version bigint not null,
      is_active boolean not null,
      primary key (merge_id, person_id)
    )
    """,
    "create index merge_members_person on merge_members (person_id)",
    "create table sources (id text primary key, name text not null)",
    """
    create table prospects (
      id uuid primary key,
      person_id uuid not null,
      state text not null,
      before_state text,
      superseded_by uuid,
      rep_id uuid,
      offer_id uuid,
      reason text,
      due_at timestamptz,
      pool_id uuid,
      is_said boolean not null,
      tried jsonb not null,
      stage text,
      profile jsonb not null,
      received_at timestamptz not null,
      opened_at timestamptz not null,
      changed_at timestamptz not null,
      correlation_id text not null,
      traceparent text
    ) with (fillfactor = 70)
    """,
    "create index prospects_person on prospects (person_id)",
    """
    create unique index prospects_one_open on prospects (person_id)
    where state in ('waiting', 'offered', 'accepted')
    """,
    "create index prospects_waiting on prospects (pool_id, received_at) where state = 'waiting'",
    "create index prospects_due on prospects (due_at) where state = 'waiting'",
    """
    create table prospect_leads (
      lead_id uuid primary key,
      person_id uuid not null,
      prospect_id uuid not null,
      home_id uuid not null,
      proposed_id uuid not null,
      received_at timestamptz not null
    )
    """,
    "create index prospect_leads_prospect on prospect_leads (prospect_id)",
    """
    create table offers (
      id uuid primary key,
      prospect_id uuid not null,
      rep_id uuid not null,
      pool_id uuid not null,
      decision_number bigint not null,
      role text not null,
      state text not null,
      offered_at timestamptz not null,
      deadline timestamptz not null,
      answered_at timestamptz,
      decline_reason text
    ) with (fillfactor = 70)
    """,
    "create unique index offers_one_open on offers (prospect_id) where state = 'open'",
    "create index offers_deadline on offers (deadline) where state = 'open'",
    "create index offers_prospect on offers (prospect_id)",
    """
    create table outcomes (
      prospect_id uuid,
      deal_id text,
      version integer,
      outcome text not null,
      amount numeric,
      currency text,
      reason text,
      rep_id uuid,
      closed_at timestamptz not null,
      recorded_at timestamptz not null,
      primary key (prospect_id, deal_id, version)
    )
    """,
    """
    create table handoff_steps (
      event_id uuid primary key,
      type text not null,
      prospect_id uuid not null,
      at timestamptz not null,
      rep_id uuid,
      actor text not null
    )
    """,
    "create index handoff_steps_at on handoff_steps (at)",
    """
    create table heartbeat (
      id smallint primary key,
      beat_at timestamptz not null,
      standstills integer not null,
      shifted_deadlines bigint not null
    )
    """,
)
TABLES: Final = (
    "heartbeat",
    "handoff_steps",
    "outcomes",
    "offers",
    "prospect_leads",
    "prospects",
    "sources",
    "merge_members",
    "people",
    "decisions",
    "rulebook",
    "pool_members",
    "pools",
    "reps",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"drop table {table}")
