"""The rows of sales-routing, on its own metadata. Who is not in `domain` is not a word here.

Columns that may hold personal data are marked with how they are erased. References between the
rows of the hot way are kept by the transactions and proved by tests, not by foreign keys: a check
per row and table would cost a tenth of the way.
"""

from baton.tables import frame_tables
from sales_routing.tables.base import METADATA
from sales_routing.tables.people import MergeMemberRow, PersonRow, SourceRow
from sales_routing.tables.prospects import (
    HandoffStepRow,
    HeartbeatRow,
    OfferRow,
    OutcomeRow,
    ProspectLeadRow,
    ProspectRow,
)
from sales_routing.tables.team import DecisionRow, PoolMemberRow, PoolRow, RepRow, RulebookRow

frame_tables(METADATA)

__all__ = [
    "METADATA",
    "DecisionRow",
    "HandoffStepRow",
    "HeartbeatRow",
    "MergeMemberRow",
    "OfferRow",
    "OutcomeRow",
    "PersonRow",
    "PoolMemberRow",
    "PoolRow",
    "ProspectLeadRow",
    "ProspectRow",
    "RepRow",
    "RulebookRow",
    "SourceRow",
]
