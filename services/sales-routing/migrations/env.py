"""Migrates the database of sales-routing."""

from baton import migrations
from sales_routing.tables import METADATA

migrations.run_env(METADATA)
