"""The books: what the rows say became of each lead, and what must have been said."""

from typing import Final

from baton.conservation import Census, heard, tally
from baton.contracts.fact import Fact
from baton.contracts.sales import RepDescribed
from baton.contracts.scoring import ProspectQualified
from baton.contracts.topics import HANDOFFS
from baton.contracts.vocabulary import LeadState
from baton.database import Reader
from sales_routing.domain.prospect import LEAD_STATES, ProspectState

REPEATED: Final = "repeated:ProspectQualified"
"""The tally of qualified leads that were heard again under another event; they are one lead."""
LEADS_SQL: Final = """
select p.state, count(*) as count from prospect_leads l join prospects p on p.id = l.prospect_id
group by p.state
"""
STEPS_SQL: Final = "select type, count(*) as count from handoff_steps group by type"
DESCRIBED_SQL: Final = "select coalesce(sum(described), 0)::bigint from reps"


async def census(reader: Reader) -> Census:
    """What the rows say: each heard qualified lead in one state, each step once."""
    return Census(
        received=await heard(reader, ProspectQualified) - await tally(reader, REPEATED),
        leads=await _leads_by_state(reader),
        said=await _said(reader),
    )


async def _leads_by_state(reader: Reader) -> dict[LeadState, int]:
    # A lead in a superseded prospect has no state: it is missing here, and the books show it.
    return {
        LEAD_STATES[ProspectState(row["state"])]: row["count"]
        for row in await reader.fetch(LEADS_SQL)
        if row["state"] in LEAD_STATES
    }


async def _said(reader: Reader) -> dict[type[Fact], int]:
    by_name = {row["type"]: row["count"] for row in await reader.fetch(STEPS_SQL)}
    said: dict[type[Fact], int] = {fact: by_name.get(fact.__name__, 0) for fact in HANDOFFS.events}
    return said | {RepDescribed: await reader.fetchval(DESCRIBED_SQL)}
