"""What pages, lists and the books read; nothing here writes."""

from typing import Any, Final

from baton import conservation
from baton.conservation import Census
from baton.contracts.fact import Fact
from baton.contracts.marketing import LeadCaptured
from baton.contracts.scoring import (
    LeadDisqualified,
    LeadNurtured,
    PolicyPublished,
    ProspectQualified,
    ProspectWithdrawn,
    ScoreChanged,
    ScoreOverridden,
)
from baton.contracts.vocabulary import LeadState
from baton.database import Reader

REPEATED: Final = "repeated:LeadCaptured"
"""The tally of leads that were heard again, under another event or after the inbox forgot them."""
SAID_BY_RESULT: Final[dict[str, type[Fact]]] = {
    "qualified": ProspectQualified,
    "nurtured": LeadNurtured,
    "disqualified": LeadDisqualified,
    "rescored": ScoreChanged,
}
"""What was said with a receipt. What was undone is counted by the leads that were taken back."""

STATES_SQL: Final = "select state, count(*) as count from leads group by state"
RESULTS_SQL: Final = "select result, count(*) as count from receipts group by result"
WITHDRAWN_SQL: Final = "select count(withdrawn_at) from leads"
OVERRIDDEN_SQL: Final = "select count(*) from overrides"
PUBLISHED_SQL: Final = "select count(*) from publications"
OUTCOMES_SQL: Final = """
select outcome, count(*) as count from (
  select distinct on (prospect_id, deal_id) outcome from outcomes
  order by prospect_id, deal_id, version desc
) as latest group by outcome order by outcome
"""
# Ids of receipts grow with time, so the newest are found without a sort.
LATEST_SQL: Final = """
select id, lead_id, person_id, policy_version, result, reason, fit, engagement, band, decided_at,
  details -> 'factors' as factors, details -> 'missing' as missing
from receipts where lead_id is not null and result <> 'undone' order by id desc limit $1
"""
POLICIES_SQL: Final = """
select version, document, created_at, created_by, published_at, published_by
from policies where version < $1 order by version desc limit $2
"""


async def states(reader: Reader) -> dict[LeadState, int]:
    """Leads by the state that scoring knows them in."""
    return {LeadState(row["state"]): row["count"] for row in await reader.fetch(STATES_SQL)}


async def results(reader: Reader) -> dict[str, int]:
    """Decisions by what was decided."""
    return {row["result"]: row["count"] for row in await reader.fetch(RESULTS_SQL)}


async def withdrawn(reader: Reader) -> int:
    """How many prospects were taken back after the hand-off."""
    count: int = await reader.fetchval(WITHDRAWN_SQL)
    return count


async def outcomes(reader: Reader) -> dict[str, int]:
    """Deals by how they ended, as corrected last."""
    return {row["outcome"]: row["count"] for row in await reader.fetch(OUTCOMES_SQL)}


async def latest_decisions(reader: Reader, *, limit: int) -> list[dict[str, Any]]:
    """The newest decisions, newest first."""
    return [dict(row) for row in await reader.fetch(LATEST_SQL, limit)]


async def policies(reader: Reader, *, before: int, limit: int) -> list[dict[str, Any]]:
    """Versions below one, newest first."""
    return [dict(row) for row in await reader.fetch(POLICIES_SQL, before, limit)]


async def census(reader: Reader) -> Census:
    """What scoring's rows say: a row for each lead that was heard, a receipt for each decision."""
    heard = await conservation.heard(reader, LeadCaptured)
    by_result = await results(reader)
    said = {fact: by_result.get(word, 0) for word, fact in SAID_BY_RESULT.items()}
    said[ProspectWithdrawn] = await withdrawn(reader)
    said[ScoreOverridden] = await reader.fetchval(OVERRIDDEN_SQL)
    said[PolicyPublished] = await reader.fetchval(PUBLISHED_SQL)
    return Census(
        received=heard - await conservation.tally(reader, REPEATED),
        leads=await states(reader),
        said=said,
    )
