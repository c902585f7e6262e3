"""Migrates a database that has the frame's tables and one of its own."""

from sqlalchemy import MetaData

from baton import migrations
from baton.messaging.tables import add_messaging_tables as frame_tables

METADATA = MetaData()
frame_tables(METADATA)
migrations.run_env(METADATA)
