"""What pages, reports and tools read; nothing here writes."""

from datetime import datetime
from typing import Any, Final

from baton import conservation
from baton.conservation import Census
from baton.contracts.marketing import LeadCaptured
from baton.contracts.vocabulary import LeadState
from baton.database import Reader

LEAD_COLUMNS: Final = """
  l.id as lead_id, l.person_id, l.source_id, s.name as source, c.name as campaign, l.channel,
  l.state, l.happened_at, l.received_at, l.fit, l.engagement, l.policy_version, l.reasons,
  l.missing, l.prospect_id, r.name as rep, l.outcome, l.closure_reason, l.amount, l.currency,
  l.closed_at, l.correlation_id
"""
LEAD_TABLES: Final = """
  leads l join sources s on s.id = l.source_id
  left join campaigns c on c.id = l.campaign_id left join reps r on r.id = l.rep_id
"""
LEADS_SQL: Final = f"""
select {LEAD_COLUMNS} from {LEAD_TABLES}
where ($1::text is null or l.state = $1) and ($2::uuid is null or l.id < $2)
order by l.id desc limit $3
"""  # noqa: S608 our own columns
LEAD_SQL: Final = f"select {LEAD_COLUMNS} from {LEAD_TABLES} where l.id = $1"  # noqa: S608 as above
# Pages show who it was, masked where the reader may not know; `state_at` is the last word heard.
CARD_COLUMNS: Final = f"""{LEAD_COLUMNS}, p.card,
  coalesce((select max(t.recorded_at) from lead_steps t where t.lead_id = l.id), l.received_at)
  as state_at"""  # noqa: S608 as above
CARD_TABLES: Final = f"{LEAD_TABLES} left join people p on p.id = l.person_id"
LATEST_SQL: Final = f"""
select {CARD_COLUMNS} from {CARD_TABLES} where ($1::text is null or l.state = $1)
order by l.id desc limit $2
"""  # noqa: S608 as above
CARD_SQL: Final = f"select {CARD_COLUMNS} from {CARD_TABLES} where l.id = $1"  # noqa: S608 as above
STEPS_SQL: Final = """
select event_id, type, happened_at, recorded_at, heard_at from lead_steps
where lead_id = $1 order by recorded_at, heard_at limit 500
"""
PAYLOADS_SQL: Final = """
select p.id as payload_id, p.source_id, s.name as source, p.received_at, p.content_type, p.status,
  p.kind, p.field, p.detail, p.resent_as, length(p.body) as bytes
from payloads p join sources s on s.id = p.source_id
where p.status = $1 and ($2::uuid is null or p.id < $2) order by p.id desc limit $3
"""
PAYLOAD_SQL: Final = """
select p.id as payload_id, p.source_id, s.name as source, p.received_at, p.content_type, p.status,
  p.kind, p.field, p.detail, p.resent_as, length(p.body) as bytes, p.body
from payloads p join sources s on s.id = p.source_id where p.id = $1
"""
# What scoring and sales said counts, and not `state`: a person who is forgotten stays counted.
REPORT_SQL: Final = """
select s.id as source_id, s.name as source, l.channel, count(*) as leads,
  count(*) filter (where l.was_qualified) as qualified,
  count(*) filter (where l.was_accepted) as accepted,
  count(*) filter (where l.sales_state = 'won') as won,
  count(*) filter (where l.sales_state = 'lost') as lost,
  count(*) filter (where coalesce(l.sales_state, l.scoring_state) = 'disqualified') as disqualified
from leads l join sources s on s.id = l.source_id
where l.own_state = 'captured' and ($1::timestamptz is null or l.happened_at >= $1)
  and ($2::timestamptz is null or l.happened_at < $2)
group by s.id, s.name, l.channel order by leads desc, s.name, l.channel
"""
AMOUNTS_SQL: Final = """
select source_id, channel, currency, sum(amount) as amount from leads
where own_state = 'captured' and sales_state = 'won' and amount is not null
  and ($1::timestamptz is null or happened_at >= $1)
  and ($2::timestamptz is null or happened_at < $2)
group by source_id, channel, currency
"""
STATES_SQL: Final = "select state, count(*) as count from leads group by state"
REFUSED_SQL: Final = "select count(*) from payloads where status = 'refused'"
SAID_SQL: Final = "select count(*) from leads where own_state = 'captured'"


async def leads(
    reader: Reader, *, state: LeadState | None, before: object, limit: int
) -> list[dict[str, Any]]:
    """Leads, newest first, before the one whose id is given."""
    rows = await reader.fetch(LEADS_SQL, state, before, limit)
    return [dict(row) for row in rows]


async def lead(reader: Reader, lead_id: str) -> dict[str, Any] | None:
    """One lead as far as intake has heard of it."""
    row = await reader.fetchrow(LEAD_SQL, lead_id)
    return None if row is None else dict(row)


async def latest(reader: Reader, *, state: LeadState | None, limit: int) -> list[dict[str, Any]]:
    """The newest leads with their people's cards, newest first."""
    return [dict(row) for row in await reader.fetch(LATEST_SQL, state, limit)]


async def lead_with_card(reader: Reader, lead_id: str) -> dict[str, Any] | None:
    """One lead with its person's card."""
    row = await reader.fetchrow(CARD_SQL, lead_id)
    return None if row is None else dict(row)


async def steps(reader: Reader, lead_id: str) -> list[dict[str, Any]]:
    """The events of a lead's way, oldest first."""
    return [dict(row) for row in await reader.fetch(STEPS_SQL, lead_id)]


async def payloads(
    reader: Reader, *, status: str, before: object, limit: int
) -> list[dict[str, Any]]:
    """Kept payloads without their bytes, newest first."""
    return [dict(row) for row in await reader.fetch(PAYLOADS_SQL, status, before, limit)]


async def payload(reader: Reader, payload_id: str) -> dict[str, Any] | None:
    """One kept payload with its bytes."""
    row = await reader.fetchrow(PAYLOAD_SQL, payload_id)
    return None if row is None else dict(row)


async def source_report(
    reader: Reader, since: datetime | None, until: datetime | None
) -> list[dict[str, Any]]:
    """What each source and channel brought, for leads that happened in the period.

    Amounts are decimals, kept apart by currency; conversion is won leads over leads.
    """
    amounts: dict[tuple[str, str], dict[str, Any]] = {}
    for row in await reader.fetch(AMOUNTS_SQL, since, until):
        amounts.setdefault((row["source_id"], row["channel"]), {})[row["currency"]] = row["amount"]
    return [
        dict(row)
        | {
            "conversion": row["won"] / row["leads"],
            "amounts": amounts.get((row["source_id"], row["channel"]), {}),
        }
        for row in await reader.fetch(REPORT_SQL, since, until)
    ]


async def states(reader: Reader) -> dict[LeadState, int]:
    """Leads by state; what was refused never became one, but it was received."""
    found = {LeadState(row["state"]): row["count"] for row in await reader.fetch(STATES_SQL)}
    found[LeadState.REFUSED] = await reader.fetchval(REFUSED_SQL)
    return found


async def census(reader: Reader) -> Census:
    """What intake's rows say; the evidence of arrival is counted when a request is committed."""
    return Census(
        received=await conservation.tally(reader, "received"),
        leads=await states(reader),
        said={LeadCaptured: await reader.fetchval(SAID_SQL)},
    )
