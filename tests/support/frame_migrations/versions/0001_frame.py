"""The frame's tables, and one in which effects can be seen."""

from alembic import op

from baton.auth import migration_0001 as auth
from baton.messaging import migration_0001 as messaging

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    messaging.upgrade()
    auth.upgrade()
    op.execute("create table effects (seq bigserial primary key, key text, number integer)")


def downgrade() -> None:
    """Drop them."""
    op.execute("drop table effects")
    auth.downgrade()
    messaging.downgrade()
