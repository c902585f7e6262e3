"""Migrates the database of lead-scoring."""

from baton import migrations
from lead_scoring.tables import METADATA

migrations.run_env(METADATA)
