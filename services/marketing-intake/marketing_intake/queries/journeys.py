"""Leads with what became of them, and the payloads that are kept of them."""

from typing import Any, Final

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
