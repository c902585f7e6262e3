"""People's ways: their touches and what was reached with them, a portion of people at a time."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import asyncpg

from baton.contracts.vocabulary import Channel, ClosureReason, Outcome
from baton.database import Reader
from baton.errors import Refused
from marketing_intake.domain.attribution import (
    NO_TOUCH,
    TOUCHES_MAX,
    Conversion,
    Reached,
    Touch,
)
from marketing_intake.domain.outcome import Acceptance, Closing, reached_with
from marketing_intake.domain.period import Period

IDS_MAX: Final = 50_000
"""Ids of people that are looked up at once: each time all that happened in the period is read."""
LOOKS_MAX: Final = 20
"""So a report is of a million people at most, which takes about half a minute."""
PEOPLE_MAX: Final = 500
"""People in one portion: so many histories are in memory, and are credited before others wait."""
MERGES_MAX: Final = 100
FIRST_ID: Final = "00000000-0000-0000-0000-000000000000"

# People who are merged with somebody are met with all their ids together, in portions of their own.
ALONE_SQL: Final = """
with merged as materialized (select person_id as id from kin)
select person_id from (
  (select distinct person_id from leads
   where person_id > $1 and own_state = 'captured' and person_id not in (select id from merged)
     and ($2::timestamptz is null or happened_at >= $2)
     and ($3::timestamptz is null or happened_at < $3)
   order by person_id limit $4)
  union
  (select distinct person_id from pursuit_steps
   where person_id > $1 and person_id not in (select id from merged)
     and ($2::timestamptz is null or happened_at >= $2)
     and ($3::timestamptz is null or happened_at < $3)
   order by person_id limit $4)
) p order by person_id limit $4
"""
MERGED_SQL: Final = """
select kin_id as id, array_agg(person_id) as member_ids from kin where kin_id > $1
group by kin_id order by kin_id limit $2
"""
LEADS_SQL: Final = """
select id, person_id, happened_at, source_id, channel, campaign_id,
  ($3::timestamptz is null or happened_at >= $3) and ($4::timestamptz is null or happened_at < $4)
    as is_within
from leads
where person_id = any ($1::uuid[]) and own_state = 'captured'
  and ($2::timestamptz is null or happened_at < $2)
"""
# As in the domain: of a longer way the two ends count.
ACTIVITIES_SQL: Final = """
select id, person_id, happened_at, source_id, channel, campaign_id from (
  select a.*, row_number() over way as number, count(*) over (partition by person_id) as count
  from activities a
  where person_id = any ($1::uuid[]) and ($2::timestamptz is null or happened_at < $2)
    and suspicion is null and kind <> all ($3::text[])
    and not exists (select from retractions r where r.activity_id = a.id)
  window way as (partition by person_id order by happened_at, id)
) a where number <= $4 or number > count - $4
"""
STEPS_SQL: Final = """
select prospect_id, person_id, reached, happened_at, recorded_at, lead_ids, deal_id, version,
  reason, amount, currency
from pursuit_steps where person_id = any ($1::uuid[])
"""


@dataclass(slots=True)
class Way:
    """One person's touches, under all their ids, and what was reached with them in a period."""

    touches: list[Touch] = field(default_factory=list)
    conversions: list[Conversion] = field(default_factory=list)


async def ways(reader: Reader, period: Period) -> AsyncIterator[Way]:
    """The ways of everybody with whom something was reached in the period.

    Read it in one snapshot: portions are separate statements. Raises `Refused` for too many.
    """
    async for owners in _portions(reader, period):
        for way in await _ways_of(reader, owners, period):
            if way.conversions:
                yield way


async def _portions(reader: Reader, period: Period) -> AsyncIterator[Mapping[str, str]]:
    """Portions of people: each id, with the id under which its person's ways are joined."""
    after, looks = FIRST_ID, 0
    while rows := await reader.fetch(ALONE_SQL, after, period.since, period.end, IDS_MAX):
        looks += 1
        if looks > LOOKS_MAX:
            raise Refused("too many people for one report: ask for a shorter period", field="from")
        people = [row["person_id"] for row in rows]
        after = people[-1]
        for first in range(0, len(people), PEOPLE_MAX):
            yield {person_id: person_id for person_id in people[first : first + PEOPLE_MAX]}
    after = FIRST_ID
    while merges := await reader.fetch(MERGED_SQL, after, MERGES_MAX):
        after = merges[-1]["id"]
        yield {member: row["id"] for row in merges for member in row["member_ids"]}


async def _ways_of(reader: Reader, owners: Mapping[str, str], period: Period) -> list[Way]:
    people = list(owners)
    found: defaultdict[str, Way] = defaultdict(Way)
    # A deal may be dated before the lead that it speaks for, so leads are not cut at the end.
    span = (period.since, period.end)
    for row in await reader.fetch(LEADS_SQL, people, period.known_until, *span):
        way = found[owners[row["person_id"]]]
        way.touches.append(_touch(row))
        if row["is_within"]:
            way.conversions.append(_lead(row))
    no_touch = [kind.value for kind in NO_TOUCH]
    ends = (period.end, no_touch, TOUCHES_MAX)
    for row in await reader.fetch(ACTIVITIES_SQL, people, *ends):
        found[owners[row["person_id"]]].touches.append(_touch(row))
    steps: defaultdict[str, list[asyncpg.Record]] = defaultdict(list)
    for row in await reader.fetch(STEPS_SQL, people):
        steps[owners[row["person_id"]]].append(row)
    for owner, rows in steps.items():
        found[owner].conversions += _reached(rows, period)
    return list(found.values())


def _reached(rows: Sequence[asyncpg.Record], period: Period) -> list[Conversion]:
    taken = [row for row in rows if row["reached"] == Reached.ACCEPTED]
    ended = [row for row in rows if row["reached"] != Reached.ACCEPTED]
    acceptances = [
        Acceptance(row["prospect_id"], row["happened_at"], frozenset(row["lead_ids"]))
        for row in taken
    ]
    found = reached_with(acceptances, [_closing(row) for row in ended], period.known_until)
    return [conversion for conversion in found if period.holds(conversion.happened_at)]


def _touch(row: asyncpg.Record) -> Touch:
    return Touch(
        row["id"], row["happened_at"], row["source_id"], Channel(row["channel"]), row["campaign_id"]
    )


def _lead(row: asyncpg.Record) -> Conversion:
    return Conversion(row["id"], Reached.LEAD, row["happened_at"], frozenset({row["id"]}))


def _closing(row: asyncpg.Record) -> Closing:
    return Closing(
        prospect_id=row["prospect_id"],
        deal_id=row["deal_id"],
        version=row["version"],
        outcome=Outcome(row["reached"]),
        reason=row["reason"] and ClosureReason(row["reason"]),
        amount=row["amount"],
        currency=row["currency"],
        closed_at=row["happened_at"],
        recorded_at=row["recorded_at"],
        lead_ids=frozenset(row["lead_ids"]),
    )
