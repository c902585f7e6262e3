"""Activities, enrichments, what is due by time alone, and overrides; receipts without a lead."""

from alembic import op

revision = "0003"
down_revision = "0002"

UPGRADE = (
    "alter table receipts alter column lead_id drop not null",
    "alter table receipts add column band text",
    "drop index receipts_lead",
    "create index receipts_person on receipts (person_id)",
    # A lead's first receipt has the id of its event, so that the event's fact is found by it.
    "drop index facts_event",
    "alter table facts add column company_id uuid",
    "create index facts_company on facts (company_id) where company_id is not null",
    """
    create table activities (
      activity_id uuid primary key,
      event_id uuid not null,
      person_id uuid not null,
      happened_at timestamptz not null,
      kind text not null,
      data jsonb not null
    )
    """,
    "create index activities_person on activities (person_id, happened_at, activity_id)",
    "create index activities_event on activities (event_id)",
    """
    create table retractions (
      activity_id uuid primary key,
      event_id uuid not null,
      person_id uuid not null,
      retracted_at timestamptz not null
    )
    """,
    "create index retractions_person on retractions (person_id)",
    """
    create table enrichments (
      event_id uuid primary key,
      lead_id uuid not null,
      person_id uuid not null,
      happened_at timestamptz not null,
      company_id uuid,
      data jsonb not null
    )
    """,
    "create index enrichments_person on enrichments (person_id, happened_at, event_id)",
    """
    create table due (
      person_id uuid primary key,
      as_of timestamptz not null,
      due_at timestamptz
    )
    """,
    "create index due_at on due (due_at) where due_at is not null",
    """
    create table overrides (
      id uuid primary key,
      person_id uuid not null,
      points double precision,
      reason text not null,
      who text not null,
      set_at timestamptz not null,
      expires_at timestamptz
    )
    """,
    "create index overrides_person on overrides (person_id, set_at)",
)
DOWNGRADE = (
    "drop table overrides",
    "drop table due",
    "drop table enrichments",
    "drop table retractions",
    "drop table activities",
    "drop index facts_company",
    "alter table facts drop column company_id",
    "create index facts_event on facts (event_id)",
    "drop index receipts_person",
    "create index receipts_lead on receipts (lead_id)",
    "alter table receipts drop column band",
    "delete from receipts where lead_id is null",
    "alter table receipts alter column lead_id set not null",
)


def upgrade() -> None:
    """Make them."""
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    for statement in DOWNGRADE:
        op.execute(statement)
