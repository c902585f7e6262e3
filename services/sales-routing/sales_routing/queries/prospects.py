"""Prospects as CRMs and pages read them: where they stand, whose they are, how to reach whom."""

from collections.abc import Iterable
from typing import Any, Final

from asyncpg import Record

from baton.database import Reader

CARD_FIELDS: Final = (
    "given_name",
    "family_name",
    "email",
    "phone",
    "company",
    "job_title",
    "country",
    "message",
    "page_url",
    "external_ids",
)
VIEW_SQL: Final = f"""
select p.id, p.person_id, p.state, p.rep_id, r.name as rep_name, r.team, p.reason, p.due_at,
  p.superseded_by, p.stage, p.profile, p.received_at, p.opened_at, p.changed_at,
  array(select l.lead_id from prospect_leads l where l.prospect_id = p.id
    order by l.received_at, l.lead_id) as lead_ids,
  o.id as offer_id, o.deadline, o.offered_at, o.role, s.name as source_name,
  {", ".join(f"c.{name} as card_{name}" for name in CARD_FIELDS)}
from prospects p
left join reps r on r.id = p.rep_id
left join offers o on o.prospect_id = p.id and o.state = 'open'
left join sources s on s.id = p.profile ->> 'source_id'
left join people c on c.person_id = p.person_id
"""  # noqa: S608 our own columns
BY_ID_SQL: Final = f"{VIEW_SQL} where p.id = any ($1::uuid[])"
OPEN_OFFERS_SQL: Final = f"""{VIEW_SQL}
where o.state = 'open' and ($1::uuid is null or o.rep_id = $1) order by o.deadline limit $2
"""
OFFERS_SQL: Final = """
select o.id, o.rep_id, r.name as rep_name, o.pool_id, o.decision_number, o.role, o.state,
  o.offered_at, o.deadline, o.answered_at, o.decline_reason
from offers o left join reps r on r.id = o.rep_id where o.prospect_id = $1
order by o.offered_at, o.id
"""
OUTCOMES_SQL: Final = """
select deal_id, version, outcome, amount, currency, reason, rep_id, closed_at, recorded_at
from outcomes where prospect_id = $1 order by version
"""
STEPS_SQL: Final = """
select h.type, h.prospect_id, h.at, h.actor, r.name as rep_name
from handoff_steps h left join reps r on r.id = h.rep_id
order by h.at desc, h.event_id desc limit $1
"""
# A prospect has some five steps; so many of the newest steps speak of enough prospects.
MOVED_SQL: Final = """
select prospect_id from (
  select prospect_id, at from handoff_steps order by at desc limit $1 * 10
) as latest group by prospect_id order by max(at) desc limit $1
"""
REP_SQL: Final = """
select r.id from reps r join staff s on s.email = lower(r.sign_in)
where s.id = $1 and r.is_active
"""


async def views(reader: Reader, prospect_ids: Iterable[str]) -> dict[str, Record]:
    """These prospects as they are now, by id, with the columns of `VIEW_SQL`."""
    rows = await reader.fetch(BY_ID_SQL, list(prospect_ids))
    return {row["id"]: row for row in rows}


async def open_offers(reader: Reader, rep_id: str | None, limit: int) -> list[Record]:
    """Prospects that are offered now, to this rep or to anybody, the next deadline first."""
    return await reader.fetch(OPEN_OFFERS_SQL, rep_id, limit)


async def offers_of(reader: Reader, prospect_id: str) -> list[Record]:
    """Who was asked, in order, and what became of it."""
    return await reader.fetch(OFFERS_SQL, prospect_id)


async def outcomes_of(reader: Reader, prospect_id: str) -> list[Record]:
    """What was reported of it, the lowest version first."""
    return await reader.fetch(OUTCOMES_SQL, prospect_id)


async def latest_steps(reader: Reader, limit: int) -> list[Record]:
    """What was said last, of any prospect; the newest first."""
    return await reader.fetch(STEPS_SQL, limit)


async def moved_last(reader: Reader, limit: int) -> list[Record]:
    """The prospects of which something was said last, the newest first."""
    ids = [row["prospect_id"] for row in await reader.fetch(MOVED_SQL, limit)]
    found = await views(reader, ids)
    return [found[one] for one in ids if one in found]


async def rep_of(reader: Reader, staff_id: str) -> str | None:
    """The rep as whom this account answers, if any."""
    rep_id: str | None = await reader.fetchval(REP_SQL, staff_id)
    return rep_id


def card_of(row: Record) -> dict[str, Any] | None:
    """The card of a view, or None when nothing of it is known."""
    card = {name: row[f"card_{name}"] for name in CARD_FIELDS}
    return card if any(card.values()) else None
