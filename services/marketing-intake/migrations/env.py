"""Migrates the database of marketing-intake."""

from baton import migrations
from marketing_intake.tables import METADATA

migrations.run_env(METADATA)
