"""The frame's tables."""

from baton.auth import migration_0001 as auth
from baton.messaging import migration_0001 as messaging

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    messaging.upgrade()
    auth.upgrade()


def downgrade() -> None:
    """Drop them."""
    auth.downgrade()
    messaging.downgrade()
