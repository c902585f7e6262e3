"""Imports: rows of the forgotten are counted as such."""

from alembic import op

revision = "0012"
down_revision = "0011"

UPGRADE = (
    "alter table imports add column suppressed bigint not null default 0",
    "alter table imports drop constraint imports_check",
    "alter table imports add check (taken + refused + suppressed = rows)",
)
DOWNGRADE = (
    "update imports set taken = taken + suppressed, suppressed = 0",
    "alter table imports drop constraint imports_check",
    "alter table imports drop column suppressed",
    "alter table imports add check (taken + refused = rows)",
)


def upgrade() -> None:
    """Make it so."""
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    for statement in DOWNGRADE:
        op.execute(statement)
