"""Migrates a database that has the frame's tables and one of its own."""

from sqlalchemy import MetaData

from baton import migrations
from baton.tables import frame_tables

METADATA = MetaData()
frame_tables(METADATA)
migrations.run_env(METADATA)
