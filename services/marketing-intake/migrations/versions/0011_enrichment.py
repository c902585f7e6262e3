"""Enrichment: what providers said, and what asking them costs."""

from alembic import op

revision = "0011"
down_revision = "0010"

UPGRADE: tuple[str, ...] = (
    """
    create table enrichment_providers (
      name text primary key,
      place integer not null,
      settings jsonb not null,
      api_key bytea
    )
    """,
    """
    create table enrichment_answers (
      provider text,
      company_id uuid,
      traits jsonb not null,
      fetched_at timestamptz not null,
      expires_at timestamptz not null,
      primary key (provider, company_id)
    )
    """,
    "create index enrichment_answers_expires on enrichment_answers (expires_at)",
    """
    create table enrichment_days (
      provider text, day date, asked integer not null, primary key (provider, day)
    )
    """,
    """
    create table lead_enrichments (
      lead_id uuid,
      provider text,
      traits jsonb not null,
      enriched_at timestamptz not null,
      primary key (lead_id, provider)
    )
    """,
)
DOWNGRADE: tuple[str, ...] = (
    "drop table lead_enrichments",
    "drop table enrichment_days",
    "drop table enrichment_answers",
    "drop table enrichment_providers",
)


def upgrade() -> None:
    """Make it so."""
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    for statement in DOWNGRADE:
        op.execute(statement)
