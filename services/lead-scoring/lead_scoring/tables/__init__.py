"""The rows of lead-scoring, on its own metadata.

Nothing here names or reaches a person: facts carry traits that identify nobody, so they are kept
when a person is forgotten, and every decision can still be made again. References between rows are
kept by the transactions and proved by tests, not by foreign keys: a check per row would cost more
than the row.
"""

from baton.tables import frame_tables
from lead_scoring.tables.base import METADATA
from lead_scoring.tables.decisions import DueRow, LeadRow, OverrideRow, ReceiptRow
from lead_scoring.tables.diffs import DiffAmountRow, DiffCountRow, DiffPersonRow, DiffRow
from lead_scoring.tables.facts import ActivityRow, EnrichmentRow, FactRow, RetractionRow
from lead_scoring.tables.outcomes import OutcomeLeadRow, OutcomeRow
from lead_scoring.tables.people import ConsentRow, ErasureRow, MergeMemberRow, MergeRow
from lead_scoring.tables.policies import ActivePolicyRow, PolicyRow
from lead_scoring.tables.publications import PublicationRow
from lead_scoring.tables.sources import SourceRow

frame_tables(METADATA)

__all__ = [
    "METADATA",
    "ActivePolicyRow",
    "ActivityRow",
    "ConsentRow",
    "DiffAmountRow",
    "DiffCountRow",
    "DiffPersonRow",
    "DiffRow",
    "DueRow",
    "EnrichmentRow",
    "ErasureRow",
    "FactRow",
    "LeadRow",
    "MergeMemberRow",
    "MergeRow",
    "OutcomeLeadRow",
    "OutcomeRow",
    "OverrideRow",
    "PolicyRow",
    "PublicationRow",
    "ReceiptRow",
    "RetractionRow",
    "SourceRow",
]
