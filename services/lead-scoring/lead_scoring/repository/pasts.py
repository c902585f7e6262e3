"""What was known of people before a moment, read in pages of ids, all that is needed in sets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from baton.contracts.vocabulary import Outcome
from baton.database import Reader
from lead_scoring.domain.diff_counts import WonDeal
from lead_scoring.domain.diffing import Past
from lead_scoring.domain.facts import ACTIVITIES_MAX, FACTS_MAX, PersonFact, history_of
from lead_scoring.domain.people import ConsentChange, Erasure, kin
from lead_scoring.repository import activities, facts, people
from lead_scoring.repository.people import People

CONSENTS_MAX: Final = 50
FIRST: Final = "00000000-0000-0000-0000-000000000000"
"""Before every id."""

PAGE_SQL: Final = """
select distinct person_id from facts where person_id > $1 and not is_test
order by person_id limit $2
"""
COUNT_SQL: Final = """
select count(*) from (select distinct person_id from facts where not is_test) as people
"""
FACTS_SQL: Final = f"""
select f.* from unnest($1::uuid[]) as p (id) cross join lateral (
  select {facts.NAMES} from facts where person_id = p.id and not is_test and happened_at < $2
  order by happened_at desc, lead_id desc limit {FACTS_MAX}
) f
"""  # noqa: S608 our own names
ACTIVITIES_SQL: Final = f"""
select a.* from unnest($1::uuid[]) as p (id) cross join lateral (
  select {activities.NAMES} from activities where person_id = p.id and happened_at < $2
    and not exists (select from retractions r where r.activity_id = activities.activity_id)
  order by happened_at desc, activity_id desc limit {ACTIVITIES_MAX}
) a
"""  # noqa: S608 our own names
ENRICHMENTS_SQL: Final = f"""
select e.* from unnest($1::uuid[]) as p (id) cross join lateral (
  select {activities.ENRICHMENT_NAMES} from enrichments
  where person_id = p.id and happened_at < $2
  order by happened_at desc, event_id desc limit {FACTS_MAX}
) e
"""  # noqa: S608 our own names
CONSENTS_SQL: Final = f"""
select c.* from unnest($1::uuid[]) as p (id) cross join lateral (
  select {", ".join(people.CONSENT_COLUMNS)} from consents
  where person_id = p.id and happened_at < $2 order by version desc limit {CONSENTS_MAX}
) c
"""  # noqa: S608 our own names
WON_SQL: Final = f"""
select person_id, currency, amount from (
  select distinct on (prospect_id, deal_id) person_id, outcome, currency, amount
  from outcomes where person_id = any ($1::uuid[])
  order by prospect_id, deal_id, version desc
) latest where outcome = '{Outcome.WON.value}'
"""  # noqa: S608 our own word


Heard = dict[str, list[PersonFact]]
"""What is known, by the id that it came under."""


@dataclass(frozen=True, slots=True)
class Page:
    """The people of a page; `last_id` is None when there was nobody."""

    pasts: list[Past]
    looked_at: int
    last_id: str | None
    kin_of: dict[str, str] = field(default_factory=dict)
    """Under which id of theirs somebody is compared, by each of their ids."""


async def count(reader: Reader) -> int:
    """How many ids there are that people sent leads under."""
    found: int = await reader.fetchval(COUNT_SQL)
    return found


async def page(reader: Reader, *, after: str, until: datetime, limit: int) -> Page:
    """The pasts of the people behind an id who had sent a lead before a moment.

    A merged person comes once, with the page of the least of their ids that sent one. Who is one
    person is taken as it is known today, and who is to be forgotten is left out.
    """
    ids = [row["person_id"] for row in await reader.fetch(PAGE_SQL, after, limit)]
    if not ids:
        return Page([], 0, None)
    known = await _known(reader, ids)
    present = [one for one in ids if one not in known.erasures]
    groups = {one: _kin(one, known) for one in present}
    wanted = sorted({one for group in groups.values() for one in group})
    heard = await _leads(reader, wanted, until)
    # Who is known by activities alone has no lead to be decided.
    leading = [one for one in present if _speaks(one, groups[one], heard)]
    await _add_others(heard, reader, sorted({id_ for one in leading for id_ in groups[one]}), until)
    said = await _said(reader, wanted, until)
    pasts = [_past(one, groups[one], heard, said) for one in leading]
    kin_of = {one: past.person_id for past in pasts for one in groups[past.person_id]}
    return Page(pasts, len(ids), ids[-1], kin_of)


async def won_deals(reader: Reader, page: Page) -> dict[str, list[WonDeal]]:
    """The deals won with the people of a page, by the id that they are compared under."""
    deals: dict[str, list[WonDeal]] = {}
    for row in await reader.fetch(WON_SQL, sorted(page.kin_of)):
        own = page.kin_of[row["person_id"]]
        deals.setdefault(own, []).append(WonDeal(row["currency"], row["amount"]))
    return deals


async def _known(reader: Reader, ids: Sequence[str]) -> People:
    """The merges and erasures of these people and of all who are one with them."""
    known, asked = People(), set(ids)
    while True:
        known.merges = await people.load_merges(reader, asked)
        members = {one for merge in known.merges.values() for one in merge.member_ids}
        if members <= asked:
            break
        asked |= members
    for row in await reader.fetch(people.ERASURES_SQL, sorted(asked)):
        known.erasures[row["person_id"]] = Erasure(**dict(row))
    return known


def _kin(person_id: str, known: People) -> list[str]:
    if not known.merges:
        return [person_id]
    return sorted(kin(person_id, known.merges.values(), known.erasures.keys()))


async def _leads(reader: Reader, ids: Sequence[str], until: datetime) -> Heard:
    heard: Heard = {}
    for row in await reader.fetch(FACTS_SQL, ids, until):
        heard.setdefault(row["person_id"], []).append(facts.fact_of(row))
    return heard


async def _add_others(heard: Heard, reader: Reader, ids: Sequence[str], until: datetime) -> None:
    for row in await reader.fetch(ACTIVITIES_SQL, ids, until):
        heard.setdefault(row["person_id"], []).append(activities.activity_of(row))
    for row in await reader.fetch(ENRICHMENTS_SQL, ids, until):
        heard.setdefault(row["person_id"], []).append(activities.enrichment_of(row))


async def _said(
    reader: Reader, ids: Sequence[str], until: datetime
) -> dict[str, list[ConsentChange]]:
    said: dict[str, list[ConsentChange]] = {}
    for row in await reader.fetch(CONSENTS_SQL, ids, until):
        said.setdefault(row["person_id"], []).append(ConsentChange(**dict(row)))
    return said


def _speaks(person_id: str, group: Sequence[str], leads: Heard) -> bool:
    """Whether a person is compared under this one of their ids: the least that sent a lead."""
    return next((one for one in group if one in leads), None) == person_id


def _past(
    person_id: str,
    group: Iterable[str],
    heard: Heard,
    said: dict[str, list[ConsentChange]],
) -> Past:
    known = [fact for one in group for fact in heard.get(one, ())]
    consents = [change for one in group for change in said.get(one, ())]
    return Past(person_id, history_of(known), tuple(consents))
