"""Publishing looks at open people again in the background, each once, whoever dies meanwhile."""

import asyncio
from collections import Counter
from functools import partial

from baton.ids import new_id
from baton.transaction import Origin
from lead_scoring.handlers import policies
from lead_scoring.handlers.clocks import pass_due
from lead_scoring.handlers.rescoring import rescore_some
from lead_scoring.repository.publications import Stage, stage_of
from support.scoring_desk import (
    WHO,
    Desk,
    a_consent,
    a_lead,
    a_merge,
    a_weak_lead,
    an_erasure,
    lead_id_of,
)
from support.scoring_diffs import draft, killed, won
from support.scoring_events import DEMO, HOT, an_activity
from support.scoring_rescoring import (
    LOW,
    STRICT,
    latest,
    rescore,
    rescore_once,
    words_about,
)


async def test_a_nurtured_lead_becomes_a_prospect_when_the_line_is_drawn_lower(desk: Desk) -> None:
    lead = a_weak_lead(new_id())
    await desk.hear(lead)

    version = await desk.publish(**LOW)
    await rescore(desk)

    (*_, last) = [one for one in await desk.said() if one["key"] == lead.key]
    assert (last["type"], last["data"]["policy_version"]) == ("ProspectQualified", version)
    assert last["data"]["lead_id"] == lead_id_of(lead)
    assert await desk.states() == {lead_id_of(lead): "qualified"}
    assert (await desk.verify()).differences == []
    assert await desk.unaccounted() == 0


async def test_what_sales_has_stays_with_sales_when_the_line_is_drawn_higher(desk: Desk) -> None:
    lead = a_lead(new_id())
    await desk.hear(lead)

    await desk.publish(**STRICT)
    await rescore(desk)

    assert await words_about(desk, lead.key) == ["ProspectQualified"]
    assert (await latest(desk)).said == 0


async def test_another_score_is_said_of_who_stays_nurtured_and_the_same_is_not(desk: Desk) -> None:
    lead = a_weak_lead(new_id())
    await desk.hear(lead)

    await desk.publish(**STRICT)
    await rescore(desk)
    await desk.publish(**STRICT)
    await rescore(desk)

    assert await words_about(desk, lead.key) == ["LeadNurtured", "LeadNurtured"]
    assert [one["data"].get("missing") for one in await desk.said() if one["key"] == lead.key] == [
        ["points"],
        ["reachability"],
    ]


async def test_a_rescoring_that_is_killed_goes_on_and_scores_each_person_once(desk: Desk) -> None:
    leads = [a_weak_lead(new_id()) for _ in range(10)]
    await desk.hear(*leads)
    version = await desk.publish(**LOW)

    await rescore_once(desk, limit=3)
    await killed(desk, partial(rescore_some, limit=3))
    half = await latest(desk)
    served = await desk.states()
    receipts = await desk.fetch("select lead_id from receipts where policy_version = $1", version)
    await rescore(desk, limit=3)

    assert (half.people, half.people_total, half.said) == (3, 10, 3)
    assert Counter(served.values()) == {"qualified": 3, "nurtured": 7}
    assert {row["lead_id"] for row in receipts} == {
        lead_id for lead_id, state in served.items() if state == "qualified"
    }
    counts = Counter(one["key"] for one in await desk.said() if one["type"] == "ProspectQualified")
    assert counts == {lead.key: 1 for lead in leads}
    rows = await desk.fetch(
        "select lead_id, count(*) from receipts where policy_version = $1 group by 1", version
    )
    assert {row["count"] for row in rows} == {1}
    whole = await latest(desk)
    assert (whole.people, whole.said, stage_of(whole, whole.number)) == (10, 10, Stage.ENDED)
    assert await desk.unaccounted() == 0
    assert (await desk.verify()).differences == []


async def test_two_at_work_never_look_at_the_same_people(desk: Desk) -> None:
    await desk.hear(a_weak_lead(new_id()))
    await desk.publish(**LOW)

    async with desk.transactions.begin() as tx:
        mine = await rescore_some(tx, limit=10)
        theirs = await rescore_once(desk)

    assert (mine, theirs) == (1, 0)


async def test_a_newer_publication_begins_anew_and_the_older_one_is_left(desk: Desk) -> None:
    leads = [a_weak_lead(new_id()) for _ in range(6)]
    await desk.hear(*leads)
    await desk.publish(**STRICT)
    await rescore_once(desk, limit=2)
    older = await latest(desk)

    version = await desk.publish(**LOW)
    await rescore(desk, limit=2)

    newer = await latest(desk)
    assert stage_of(older, newer.number) is Stage.REPLACED
    said = [one for one in await desk.said() if one["type"] == "ProspectQualified"]
    assert {one["data"]["policy_version"] for one in said} == {version}
    assert (newer.people, len(said)) == (6, 6)


async def test_a_batch_that_waited_for_a_publication_leaves_the_older_one_alone(desk: Desk) -> None:
    await desk.hear(*(a_weak_lead(new_id()) for _ in range(3)))
    strict = await desk.publish(**STRICT)
    version = await draft(desk, **LOW)

    async with desk.transactions.begin() as tx:
        await policies.publish(version, tx, who=WHO, origin=Origin.fresh())
        waiting = asyncio.create_task(rescore_once(desk))
        done, _ = await asyncio.wait({waiting}, timeout=0.3)

    assert (done, await waiting) == (set(), 0)
    await rescore(desk)
    versions = await desk.fetch("select distinct policy_version from receipts order by 1")
    assert [row["policy_version"] for row in versions] == [1, version]
    assert strict != version


async def test_another_band_is_said_of_who_is_with_sales(desk: Desk) -> None:
    lead = a_lead(new_id())
    await desk.hear(lead)

    await desk.publish(**HOT)
    await rescore(desk)
    await rescore(desk)

    assert await words_about(desk, lead.key) == ["ProspectQualified", "ScoreChanged"]
    (*_, last) = [one for one in await desk.said() if one["key"] == lead.key]
    assert (last["data"].get("band_before"), last["data"]["band"]) == ("B3", "A3")


async def test_points_have_faded_by_the_time_of_the_publication(desk: Desk) -> None:
    lead = a_weak_lead(new_id())
    await desk.hear(lead)
    await desk.hear(an_activity(lead.key))
    desk.clock.advance(seconds=30 * 86_400)

    await desk.publish(
        rules=[DEMO], line={"points": 10}, engagement={"decay": {"half_life_days": 10}}
    )
    await rescore(desk)
    async with desk.transactions.begin() as tx:
        await pass_due(tx, limit=10)

    (*_, last) = [one for one in await desk.said() if one["key"] == lead.key]
    assert (last["type"], last["data"]["engagement"]) == ("LeadNurtured", 2.5)
    assert last["time"].startswith("2026-06-03T12:00")
    assert (await desk.verify()).differences == []


async def test_who_is_closed_forgotten_or_refused_is_left_alone(desk: Desk) -> None:
    closed, gone, refused = a_lead(new_id()), a_weak_lead(new_id()), a_weak_lead(new_id())
    await desk.hear(closed, gone, refused)
    await desk.hear(won(closed, "5"))
    await desk.hear(an_erasure(gone.key), a_consent(refused.key))

    await desk.publish(**LOW)
    await rescore(desk)

    said = [one["type"] for one in await desk.said() if one["type"] == "ProspectQualified"]
    assert len(said) == 1
    assert (await desk.states())[lead_id_of(refused)] == "nurtured"


async def test_a_merged_person_is_looked_at_once(desk: Desk) -> None:
    one, other = a_weak_lead(new_id()), a_weak_lead(new_id(), minutes=5)
    await desk.hear(one, other)
    await desk.hear(*a_merge(one.key, other.key, merge_id=new_id()))

    await desk.publish(**LOW)
    await rescore(desk, limit=1)

    qualified = [one for one in await desk.said() if one["type"] == "ProspectQualified"]
    assert [one["data"]["lead_id"] for one in qualified] == [lead_id_of(other)]
    assert await desk.unaccounted() == 0


async def test_what_was_published_before_there_were_publications_scores_nobody(desk: Desk) -> None:
    await desk.hear(a_weak_lead(new_id()))

    first = await latest(desk)
    await rescore(desk)

    assert (first.version, first.number) == (1, 1)
    assert (await latest(desk)).said == 0
