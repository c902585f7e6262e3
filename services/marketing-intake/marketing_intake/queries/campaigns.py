"""Whether campaigns reach whom they are meant for, and whether people answer what they ask."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from baton.contracts.vocabulary import ActivityKind
from baton.database import Reader
from marketing_intake.domain.attribution import NO_TOUCH
from marketing_intake.domain.campaign import Campaign
from marketing_intake.domain.period import Period
from marketing_intake.domain.target import Aim, Attributes, aims

SEEN: Final = frozenset(
    {
        ActivityKind.EMAIL_DELIVERED,
        ActivityKind.EMAIL_OPENED,
        ActivityKind.FORM_STARTED,
        ActivityKind.PAGE_VIEWED,
    }
)
"""Who did no more than this has met a call to action, and not answered it."""
# Only what some target asks about is read, so that there are few different ones.
ATTRIBUTES_SQL: Final = """
select campaign_id, attributes, count(*) as count from (
  select campaign_id, (select coalesce(jsonb_object_agg(key, value), '{}')
    from jsonb_each(coalesce(attributes, '{}')) where key = any ($3::text[])) as attributes
  from leads
  where own_state = 'captured' and campaign_id is not null
    and ($1::timestamptz is null or happened_at >= $1)
    and ($2::timestamptz is null or happened_at < $2)
) l group by campaign_id, attributes
"""
# People who are merged are one, so somebody who answers twice is counted once.
CALLS_SQL: Final = """
with member as materialized (
  select person_id as id, kin_id as survivor_id from kin
), met as (
  select call_to_action, person_id, true as is_answer, true as is_lead from leads
  where call_to_action is not null and own_state = 'captured'
    and ($1::timestamptz is null or happened_at >= $1)
    and ($2::timestamptz is null or happened_at < $2)
  union all
  select call_to_action, person_id, kind <> all ($3::text[]), false from activities a
  where call_to_action is not null and suspicion is null and kind <> all ($4::text[])
    and not exists (select from retractions r where r.activity_id = a.id)
    and ($1::timestamptz is null or happened_at >= $1)
    and ($2::timestamptz is null or happened_at < $2)
), counted as (
  select m.call_to_action as id, count(*) filter (where is_lead) as leads,
    count(distinct coalesce(survivor_id, person_id)) filter (where is_answer) as answered,
    count(distinct coalesce(survivor_id, person_id)) filter (where not is_answer) as seen
  from met m left join member on member.id = m.person_id group by m.call_to_action
)
select a.id, a.title, a.audience, a.campaign_id, c.name as campaign,
  coalesce(n.leads, 0) as leads, coalesce(n.answered, 0) as answered, coalesce(n.seen, 0) as seen
from calls_to_action a join campaigns c on c.id = a.campaign_id left join counted n on n.id = a.id
order by c.name, a.created_at, a.id limit $5
"""
CALLS_MAX: Final = 5000


async def aims_of(
    reader: Reader, period: Period, campaigns: Iterable[Campaign]
) -> dict[str, dict[Aim, int]]:
    """How the leads of each campaign that has a target lie to it."""
    targets = {campaign.id: campaign.target for campaign in campaigns if campaign.target}
    asked = sorted({one.attribute for target in targets.values() for one in target})
    counted: defaultdict[str, list[tuple[Attributes, int]]] = defaultdict(list)
    for row in await reader.fetch(ATTRIBUTES_SQL, period.since, period.end, asked):
        counted[row["campaign_id"]].append((row["attributes"], row["count"]))
    return {id_: aims(counted[id_], target) for id_, target in targets.items()}


async def calls_to_action(reader: Reader, period: Period) -> list[dict[str, Any]]:
    """Each call with its leads, and how many people have met it and answered it in the period.

    Answers are leads, and activities that are more than meeting it.
    """
    passed_over = NO_TOUCH - SEEN
    kinds = ([kind.value for kind in SEEN], [kind.value for kind in passed_over])
    rows = await reader.fetch(CALLS_SQL, period.since, period.end, *kinds, CALLS_MAX)
    return [dict(row) for row in rows]
