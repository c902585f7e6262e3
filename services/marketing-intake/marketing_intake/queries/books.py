"""How many leads are in which state, and whether the books agree."""

from typing import Final

from baton import conservation
from baton.conservation import Census
from baton.contracts.marketing import (
    ActivityRecorded,
    ActivityRetracted,
    LeadCaptured,
    LeadEnriched,
)
from baton.contracts.vocabulary import LeadState
from baton.database import Reader

STATES_SQL: Final = "select state, count(*) as count from leads group by state"
REFUSED_SQL: Final = "select count(*) from payloads where status in ('refused', 'discarded')"
ACTIVITIES_SQL: Final = "select count(*) from activities"
ENRICHMENTS_SQL: Final = "select count(*) from lead_enrichments"
RETRACTIONS_SQL: Final = "select count(*) from retractions"
ASIDE_SQL: Final = """
select count(*) from payloads where status not in ('taken', 'refused', 'discarded')
"""
SAID_SQL: Final = "select count(*) from leads where own_state = 'captured'"


async def states(reader: Reader) -> dict[LeadState, int]:
    """Leads by state; what was refused never became one, but it was received."""
    found = {LeadState(row["state"]): row["count"] for row in await reader.fetch(STATES_SQL)}
    found[LeadState.REFUSED] = await reader.fetchval(REFUSED_SQL)
    return found


async def census(reader: Reader) -> Census:
    """What intake's rows say; the evidence of arrival is counted when a request is committed."""
    activities = await reader.fetchval(ACTIVITIES_SQL)
    return Census(
        received=await conservation.tally(reader, "received"),
        leads=await states(reader),
        said={
            LeadCaptured: await reader.fetchval(SAID_SQL),
            ActivityRecorded: activities,
            ActivityRetracted: await reader.fetchval(RETRACTIONS_SQL),
            LeadEnriched: await reader.fetchval(ENRICHMENTS_SQL),
        },
        besides=activities + await reader.fetchval(ASIDE_SQL),
    )
