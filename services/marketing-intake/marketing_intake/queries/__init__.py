"""What pages, reports and tools read; nothing here writes.

The rules of this room: a file for each thing that is looked at; SQL that reads, and no rule of
business but what it counts; everything that is listed has a limit.
"""

from marketing_intake.queries.activities import activities, activity, activity_effects
from marketing_intake.queries.attribution import costs, ledger, names
from marketing_intake.queries.books import census, states
from marketing_intake.queries.campaigns import aims_of, calls_to_action
from marketing_intake.queries.contracts import contract_versions
from marketing_intake.queries.failed import failed, failed_item, to_replay
from marketing_intake.queries.journeys import (
    latest,
    lead,
    lead_with_card,
    leads,
    payload,
    payloads,
    steps,
)
from marketing_intake.queries.sources import source_report

__all__ = [
    "activities",
    "activity",
    "activity_effects",
    "aims_of",
    "calls_to_action",
    "census",
    "contract_versions",
    "costs",
    "failed",
    "failed_item",
    "latest",
    "lead",
    "lead_with_card",
    "leads",
    "ledger",
    "names",
    "payload",
    "payloads",
    "source_report",
    "states",
    "steps",
    "to_replay",
]
