"""All tables that the frame keeps in a service's database."""

from sqlalchemy import MetaData

from baton.auth.tables import add_auth_tables
from baton.messaging.tables import add_messaging_tables


def frame_tables(metadata: MetaData) -> None:
    """Add the frame's tables to a service's own metadata."""
    add_messaging_tables(metadata)
    add_auth_tables(metadata)
