"""What pages, the feed, metrics and the books read; nothing here locks or writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from asyncpg import Record

from baton.conservation import Census, heard, tally
from baton.contracts.fact import Fact
from baton.contracts.sales import RepDescribed
from baton.contracts.scoring import ProspectQualified
from baton.contracts.topics import HANDOFFS
from baton.contracts.vocabulary import LeadState
from baton.database import Reader
from sales_routing.domain.log import (
    Entry,
    MemberAsked,
    OwnerAsked,
    RepChanged,
    RosterChanged,
    RulesChanged,
)
from sales_routing.domain.prospect import LEAD_STATES, OfferRole, ProspectState
from sales_routing.repository.boards import eligible_of
from sales_routing.repository.team import REP, ROSTER, RULES

REPEATED: Final = "repeated:ProspectQualified"
"""The tally of qualified leads that were heard again under another event; they are one lead."""
LEADS_SQL: Final = """
select p.state, count(*) as count from prospect_leads l join prospects p on p.id = l.prospect_id
group by p.state
"""
STEPS_SQL: Final = "select type, count(*) as count from handoff_steps group by type"
DESCRIBED_SQL: Final = "select coalesce(sum(described), 0)::bigint from reps"
NUMBERS_SQL: Final = """
select
  (select coalesce(jsonb_object_agg(state, n), '{}') from
    (select state, count(*) as n from prospects group by state) s) as prospects,
  (select coalesce(jsonb_object_agg(reason, n), '{}') from
    (select reason, count(*) as n from prospects where state = 'waiting' group by reason) w)
    as unassigned,
  (select count(*) from offers where state = 'open') as open_offers,
  (select extract(epoch from $1 - min(received_at))::float8 from prospects
    where state = 'waiting') as oldest_seconds,
  (select coalesce(max(standstills), 0) from heartbeat) as standstills,
  (select coalesce(max(shifted_deadlines), 0) from heartbeat) as shifted_deadlines
"""
LOG_SQL: Final = """
select number, kind, prospect_id, rep_id, eligible, document from decisions
where pool_id = $1 order by number
"""


@dataclass(frozen=True, slots=True)
class Numbers:
    """How things stand at one moment."""

    prospects: Mapping[str, int]
    unassigned: Mapping[str, int]
    open_offers: int
    oldest_unassigned_seconds: float
    standstills: int
    shifted_deadlines: int


async def census(reader: Reader) -> Census:
    """What the rows say: each heard qualified lead in one state, each step once."""
    return Census(
        received=await heard(reader, ProspectQualified) - await tally(reader, REPEATED),
        leads=await _leads_by_state(reader),
        said=await _said(reader),
    )


async def numbers(reader: Reader, now: object) -> Numbers:
    """The live numbers of the page and the gauges."""
    row = await reader.fetchrow(NUMBERS_SQL, now)
    assert row is not None
    return Numbers(
        prospects=row["prospects"],
        unassigned=row["unassigned"],
        open_offers=row["open_offers"],
        oldest_unassigned_seconds=max(0.0, row["oldest_seconds"] or 0.0),
        standstills=row["standstills"],
        shifted_deadlines=row["shifted_deadlines"],
    )


async def decision_log(reader: Reader, pool_id: str) -> list[Entry]:
    """A pool's whole log, in order."""
    return [_entry(row) for row in await reader.fetch(LOG_SQL, pool_id)]


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


def _entry(row: Record) -> Entry:
    number, document = row["number"], row["document"]
    match row["kind"]:
        case str(kind) if kind == ROSTER:
            return RosterChanged(number, document["weights"])
        case str(kind) if kind == RULES:
            return RulesChanged(number, document["version"], document["fallback_owner_id"])
        case str(kind) if kind == REP:
            return RepChanged(number, row["rep_id"])
        case OfferRole.MEMBER:
            eligible = eligible_of(row["eligible"])
            return MemberAsked(number, row["prospect_id"], eligible, row["rep_id"])
        case OfferRole.FALLBACK_OWNER:
            return OwnerAsked(number, row["prospect_id"], row["rep_id"])
        case kind:
            raise AssertionError(f"a log has no entries of kind {kind}")
