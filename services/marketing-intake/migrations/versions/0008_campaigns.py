"""Campaigns with costs and calls to action; what sales said of pursuits, dated."""

from alembic import op

revision = "0008"
down_revision = "0007"

UPGRADE: tuple[str, ...] = (
    """
    alter table campaigns
      add column starts_on date,
      add column ends_on date,
      add column owner text,
      add column target jsonb not null default '[]'
    """,
    """
    create table calls_to_action (
      id text primary key,
      campaign_id uuid not null,
      title text not null,
      audience bigint,
      created_at timestamptz not null
    )
    """,
    "create index calls_to_action_campaign on calls_to_action (campaign_id)",
    """
    create table campaign_costs (
      campaign_id uuid,
      reference text,
      spent_on date not null,
      amount numeric(18, 4) not null,
      currency text not null,
      channel text,
      note text,
      recorded_at timestamptz not null,
      primary key (campaign_id, reference)
    )
    """,
    "create index campaign_costs_spent on campaign_costs (spent_on)",
    """
    create table pursuit_steps (
      event_id uuid primary key,
      prospect_id uuid not null,
      person_id uuid not null,
      reached text not null,
      happened_at timestamptz not null,
      recorded_at timestamptz not null,
      lead_ids uuid[] not null,
      deal_id text,
      version integer,
      reason text,
      amount numeric(18, 4),
      currency text
    )
    """,
    "create index pursuit_steps_person on pursuit_steps (person_id, reached, happened_at)",
    "create index pursuit_steps_happened on pursuit_steps (happened_at)",
    """
    alter table leads
      add column call_to_action text,
      add column originator_id uuid,
      add column attributes jsonb,
      add column is_returning boolean not null default false
    """,
    "alter table activities add column call_to_action text",
    # What was heard before: acceptances, and the word that stands of each deal.
    """
    insert into pursuit_steps
    select distinct on (s.event_id) s.event_id, l.prospect_id, l.person_id, 'accepted',
      s.happened_at, s.recorded_at,
      array(select o.lead_id from lead_steps o where o.event_id = s.event_id)
    from lead_steps s join leads l on l.id = s.lead_id
    where s.type = 'io.baton.ProspectAccepted.v1' and l.prospect_id is not null
    order by s.event_id, l.id
    """,
    """
    insert into pursuit_steps
    select distinct on (l.prospect_id, l.deal_id) s.event_id, l.prospect_id, l.person_id, l.outcome,
      l.closed_at, s.recorded_at,
      array(select o.lead_id from lead_steps o where o.event_id = s.event_id),
      l.deal_id, l.deal_version, l.closure_reason, l.amount, l.currency
    from leads l join lead_steps s on s.lead_id = l.id
    where s.type in ('io.baton.DealClosed.v1', 'io.baton.OutcomeCorrected.v1')
      and l.prospect_id is not null and l.deal_id is not null
    order by l.prospect_id, l.deal_id, s.recorded_at desc, s.event_id
    """,
)
DOWNGRADE: tuple[str, ...] = (
    "alter table activities drop column call_to_action",
    "alter table leads drop column call_to_action, drop column originator_id,"
    " drop column attributes, drop column is_returning",
    "drop table pursuit_steps",
    "drop table campaign_costs",
    "drop table calls_to_action",
    "alter table campaigns drop column starts_on, drop column ends_on, drop column owner,"
    " drop column target",
)


def upgrade() -> None:
    """Make it so."""
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    for statement in DOWNGRADE:
        op.execute(statement)
