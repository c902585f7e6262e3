"""The frame's tables, and one in which effects can be seen."""

from alembic import op

from baton.messaging import migration_0001 as messaging

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    messaging.upgrade()
    op.execute(
        "create table audit_log (id uuid, at timestamptz, who text, what text, subject text, old jsonb, new jsonb)"
    )
    op.execute("create table effects (seq bigserial primary key, key text, number integer)")


def downgrade() -> None:
    """Drop them."""
    op.execute("drop table effects")
    messaging.downgrade()
