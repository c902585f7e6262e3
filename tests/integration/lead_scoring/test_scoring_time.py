"""Time alone moves people, at the moment that it says."""

from typing import Any

from baton.ids import new_id
from lead_scoring.handlers.clocks import pass_due
from support.databases import MakeTransactions
from support.scoring_desk import Desk, a_weak_lead, an_erasure, make_desk
from support.scoring_events import HOT, an_activity
from support.scoring_replay import NEXT_YEAR, REPLAYED, Lives

DAY_MINUTES = 24 * 60
DAY_SECONDS = 24 * 60 * 60
FADING: dict[str, Any] = HOT | {"engagement": {"decay": {"half_life_days": 10}}}


async def pass_time(desk: Desk) -> int:
    """Run the timer once."""
    async with desk.transactions.begin() as tx:
        return await pass_due(tx, limit=100)


async def test_time_alone_moves_somebody_when_it_says_and_not_before(desk: Desk) -> None:
    await desk.publish(**FADING)
    person_id = new_id()
    await desk.hear(an_activity(person_id))
    desk.clock.advance(seconds=9 * DAY_SECONDS)

    at_once = await pass_time(desk)
    early = await pass_time(desk)
    desk.clock.advance(seconds=16 * DAY_SECONDS)
    due = await pass_time(desk)

    changes = [one for one in await desk.said() if one["type"] == "ScoreChanged"]
    assert (at_once, early, due) == (1, 0, 1)
    assert [one["data"]["band"] for one in changes] == ["A1", "A2", "A3"]
    assert [one["time"][:10] for one in changes] == ["2026-05-04", "2026-05-04", "2026-05-14"]
    assert await pass_time(desk) == 0
    assert (await desk.verify()).differences == []
    assert await desk.unaccounted() == 0


async def test_what_time_did_is_said_before_what_comes_after_it(desk: Desk) -> None:
    await desk.publish(**FADING)
    person_id = new_id()
    await desk.hear(an_activity(person_id))

    await desk.hear(an_activity(person_id, minutes=40 * DAY_MINUTES))

    bands = [
        (one["data"]["band"], one["time"][:10])
        for one in await desk.said()
        if one["type"] == "ScoreChanged"
    ]
    assert [band for band, _ in bands] == ["A1", "A2", "A3", "A1"]
    assert [day for _, day in bands][1:] == ["2026-05-04", "2026-05-14", "2026-06-13"]


async def test_a_nurtured_lead_is_looked_at_again_on_its_date(desk: Desk) -> None:
    await desk.publish(line={"points": 0, "reachable_by": ["phone"], "again_after_days": 30})
    lead = a_weak_lead(new_id())
    await desk.hear(lead)
    desk.clock.advance(seconds=70 * DAY_SECONDS)

    await pass_time(desk)

    said = [one for one in await desk.said() if one["type"] == "LeadNurtured"]
    assert [one["time"][:10] for one in said] == ["2026-05-04", "2026-06-03", "2026-07-03"]
    assert [one["data"]["again_at"][:10] for one in said] == [
        "2026-06-03", "2026-07-03", "2026-08-02",
    ]  # fmt: skip
    assert (await desk.verify()).differences == []
    assert await desk.unaccounted() == 0


async def test_time_does_nothing_to_who_is_forgotten(desk: Desk) -> None:
    await desk.publish(**FADING)
    person_id = new_id()
    await desk.hear(an_activity(person_id))
    await desk.hear(an_erasure(person_id))
    desk.clock.advance(seconds=90 * DAY_SECONDS)

    await pass_time(desk)

    assert await desk.fetch("select from due") == []


async def test_living_through_a_year_and_replaying_it_give_the_same(
    make_transactions: MakeTransactions,
) -> None:
    lives = Lives(seed=4, count=60)
    events = sorted(
        {one.data.model_dump_json(): one for one in lives.events}.values(),
        key=lambda one: one.happened_at,
    )
    lived, replayed = await make_desk(make_transactions), await make_desk(make_transactions)
    for desk in (lived, replayed):
        await desk.publish(**REPLAYED)
    for event in events:
        since = (event.happened_at - lived.clock.now()).total_seconds()
        lived.clock.advance(seconds=max(0.0, since))
        await pass_time(lived)
        await lived.hear(event)

    for start in range(0, len(events), 30):
        await replayed.hear(*events[start : start + 30])
    for desk in (lived, replayed):
        desk.clock.advance(seconds=(NEXT_YEAR - desk.clock.now()).total_seconds())
        await pass_time(desk)

    assert told(await lived.said()) == told(await replayed.said())


def told(said: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """What was said of whom and when it happened, without what an id alone makes different."""
    return sorted(
        (one["key"], one["time"], one["type"], str(one["data"].get("band")),
         str(one["data"].get("fit")), str(one["data"].get("engagement")))
        for one in said
        if one["type"] != "PolicyPublished"
    )  # fmt: skip
