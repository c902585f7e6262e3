"""Contracts with sources: versions, limits; failures that can be mended."""

from alembic import op

revision = "0005"
down_revision = "0004"

UPGRADE: tuple[str, ...] = (
    "alter table sources add column terms jsonb not null default '{}'",
    """
    create table source_contracts (
      source_id uuid,
      version integer,
      document jsonb not null,
      who text not null,
      at timestamptz not null,
      primary key (source_id, version)
    )
    """,
    """
    create table source_days (
      source_id uuid, day date, taken integer not null, primary key (source_id, day)
    )
    """,
    "alter table payloads add column headers jsonb",
    "create index strays_source on strays (source_id)",
    "create table retention_marks (name text primary key, up_to uuid not null)",
)
DOWNGRADE: tuple[str, ...] = (
    "drop table retention_marks",
    "drop index strays_source",
    "alter table payloads drop column headers",
    "drop table source_days",
    "drop table source_contracts",
    "alter table sources drop column terms",
)


def upgrade() -> None:
    """Make it so."""
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    for statement in DOWNGRADE:
        op.execute(statement)
