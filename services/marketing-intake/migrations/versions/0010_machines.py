"""Activities that were a machine's, and what retracting them changed."""

from alembic import op

revision = "0010"
down_revision = "0009"

UPGRADE = (
    """
    create table retractions (
      activity_id uuid primary key,
      event_id uuid not null,
      correlation_id uuid not null,
      person_id uuid not null,
      suspicion text,
      reason text,
      who text not null,
      retracted_at timestamptz not null
    )
    """,
    "create unique index retractions_event on retractions (event_id)",
    "create unique index retractions_correlation on retractions (correlation_id)",
    "create index retractions_person on retractions (person_id)",
    """
    create table retraction_effects (
      event_id uuid primary key,
      retraction_id uuid not null,
      type text not null,
      lead_id uuid,
      prospect_id uuid,
      happened_at timestamptz not null,
      heard_at timestamptz not null
    )
    """,
    "create index retraction_effects_of on retraction_effects (retraction_id)",
    "create index activities_suspected on activities (id) where suspicion is not null",
)
DOWNGRADE = (
    "drop index activities_suspected",
    "drop table retraction_effects",
    "drop table retractions",
)


def upgrade() -> None:
    """Make it so."""
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    for statement in DOWNGRADE:
        op.execute(statement)
