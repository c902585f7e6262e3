"""What people do moves them: up to sales, back from it, and from band to band."""

from typing import Any

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.marketing import ActivityRecorded, ActivityRetracted, LeadEnriched
from baton.contracts.vocabulary import ActivityKind
from baton.ids import new_id
from lead_scoring.handlers.clocks import pass_due
from support.facts import NOON
from support.scoring_desk import (
    Desk,
    a_consent,
    a_lead,
    a_merge,
    a_weak_lead,
    again,
    an_erasure,
    an_unmerge,
    at,
    lead_id_of,
)

DEMO: dict[str, Any] = {
    "id": "demo", "group": "engagement", "points": 20, "text": "asked for a demo",
    "activities": ["demo_requested"], "times_max": 2,
}  # fmt: skip
LEFT: dict[str, Any] = {
    "id": "left", "group": "engagement", "points": -30, "text": "unsubscribed",
    "activities": ["unsubscribed"],
}  # fmt: skip
BANDS: dict[str, Any] = {"fit": {"A": 5, "B": 1}, "engagement": {"1": 20, "2": 10}}
HOT: dict[str, Any] = {
    "rules": [DEMO, LEFT, {"id": "all", "group": "fit", "points": 5, "text": "anybody"}],
    "bands": BANDS,
    "line": {"points": 25},
}
DAY_MINUTES = 24 * 60
DAY_SECONDS = 24 * 60 * 60


def an_activity(
    person_id: str, *, minutes: int = 0, kind: str = "demo_requested", **changes: Any
) -> Event[Fact]:
    """Something that somebody did."""
    values = {
        "activity_id": new_id(), "person_id": person_id, "source_id": new_id(), "kind": kind,
        "received_at": NOON,
    }  # fmt: skip
    return at(minutes, ActivityRecorded.model_validate(values | changes))


def a_retraction(event: Event[Fact], *, minutes: int = 0) -> Event[Fact]:
    """It did not happen."""
    assert isinstance(event.data, ActivityRecorded)
    data = event.data
    gone = ActivityRetracted(
        activity_id=data.activity_id, person_id=data.person_id, kind=ActivityKind(data.kind)
    )
    return at(minutes, gone)


async def test_a_nurtured_lead_becomes_a_prospect_when_its_person_asks_for_a_demo(
    desk: Desk,
) -> None:
    await desk.publish(**HOT)
    person_id = new_id()
    lead = a_weak_lead(person_id, channel="referral", traits={"landing_page": "lp-7"})
    await desk.hear(lead)

    demo = an_activity(person_id, minutes=5)
    await desk.hear(demo)
    await desk.hear(*again([demo]), an_activity(person_id, minutes=6))

    said = (await desk.said())[1:]
    assert [one["type"] for one in said] == ["LeadNurtured", "ProspectQualified"]
    data = said[1]["data"]
    assert (data["lead_id"], data["band"], data["engagement"]) == (lead_id_of(lead), "A1", 20)
    assert (data["channel"], data["traits"]) == ("referral", {"landing_page": "lp-7"})
    assert said[1]["time"] == "2026-05-04T12:05:00Z"
    assert await desk.states() == {lead_id_of(lead): "qualified"}
    assert (await desk.verify()).differences == []
    assert await desk.unaccounted() == 0


async def test_a_retracted_activity_takes_back_the_prospect_that_it_made(desk: Desk) -> None:
    await desk.publish(**HOT)
    person_id = new_id()
    demo = an_activity(person_id, minutes=5)
    await desk.hear(a_weak_lead(person_id), demo)

    gone = a_retraction(demo, minutes=60)
    await desk.hear(gone)
    await desk.hear(*again([gone]))

    words = (await desk.words())[1:]
    assert words == ["LeadNurtured", "ProspectQualified", "ProspectWithdrawn", "ScoreChanged"]
    said = await desk.said()
    assert said[-2]["data"]["reason"] == "points"
    assert (said[-1]["data"]["band_before"], said[-1]["data"]["band"]) == ("A1", "A3")
    assert list((await desk.states()).values()) == ["withdrawn"]
    assert (await desk.verify()).differences == []
    assert await desk.unaccounted() == 0


async def test_a_retraction_that_comes_first_holds(desk: Desk) -> None:
    await desk.publish(**HOT)
    person_id = new_id()
    demo = an_activity(person_id, minutes=5)

    await desk.hear(a_weak_lead(person_id), a_retraction(demo), demo)
    other = an_activity(person_id, minutes=9)
    await desk.hear(a_retraction(other))
    await desk.hear(other)

    assert (await desk.words())[1:] == ["LeadNurtured"]
    assert (await desk.score(person_id)).score.engagement == 0


async def test_evidence_from_before_the_hand_off_takes_back_and_later_one_does_not(
    desk: Desk,
) -> None:
    await desk.publish(**HOT)
    early, late = new_id(), new_id()
    for person_id in (early, late):
        await desk.hear(a_weak_lead(person_id), an_activity(person_id, minutes=5))

    await desk.hear(an_activity(early, minutes=3, kind="unsubscribed"))
    await desk.hear(an_activity(late, minutes=7, kind="unsubscribed"))

    withdrawn = [one["key"] for one in await desk.said() if one["type"] == "ProspectWithdrawn"]
    assert withdrawn == [early]


async def test_a_machine_moves_nobody(desk: Desk) -> None:
    await desk.publish(**HOT)
    person_id = new_id()

    await desk.hear(a_weak_lead(person_id), an_activity(person_id, suspicion="link_scan"))

    assert (await desk.words())[1:] == ["LeadNurtured"]
    assert await desk.fetch("select from activities") == []


async def test_what_is_found_out_moves_a_lead(desk: Desk) -> None:
    large = {"id": "large", "group": "fit", "points": 40, "text": "large",
             "when": [{"attribute": "trait:size", "any_of": ["200-500"]}]}  # fmt: skip
    await desk.publish(rules=[large], line={"points": 40})
    person_id = new_id()
    lead = a_weak_lead(person_id)
    await desk.hear(lead)

    found = LeadEnriched(
        lead_id=lead_id_of(lead), person_id=person_id, provider="registry",
        traits={"size": "200-500"},
    )  # fmt: skip
    await desk.hear(at(3, found))

    assert (await desk.words())[1:] == ["LeadNurtured", "ProspectQualified"]
    assert (await desk.verify()).differences == []


async def test_a_consent_that_is_given_later_lets_the_lead_through(desk: Desk) -> None:
    await desk.publish(line={"points": 0, "needs_consent": True})
    person_id = new_id()
    await desk.hear(a_lead(person_id))

    await desk.hear(a_consent(person_id, "contact", minutes=5))

    assert (await desk.words())[1:] == ["LeadNurtured", "ProspectQualified"]


async def test_an_unmerge_takes_back_what_the_other_one_had_brought(desk: Desk) -> None:
    await desk.publish(**HOT)
    ann, bob, merge_id = new_id(), new_id(), new_id()
    await desk.hear(an_activity(bob), *a_merge(ann, bob, merge_id=merge_id))
    await desk.hear(a_weak_lead(ann, minutes=5))

    await desk.hear(*an_unmerge(ann, bob, merge_id=merge_id))

    words = (await desk.words())[1:]
    assert words.count("ProspectQualified") == words.count("ProspectWithdrawn") == 1
    assert (await desk.score(ann)).score.points == 5
    assert (await desk.score(bob)).score.points == 25
    assert (await desk.verify()).differences == []
    assert await desk.unaccounted() == 0


async def test_time_alone_moves_somebody_when_it_says_and_not_before(desk: Desk) -> None:
    fading = HOT | {"engagement": {"decay": {"half_life_days": 10}}}
    await desk.publish(**fading)
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
    fading = HOT | {"engagement": {"decay": {"half_life_days": 10}}}
    await desk.publish(**fading)
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
    fading = HOT | {"engagement": {"decay": {"half_life_days": 10}}}
    await desk.publish(**fading)
    person_id = new_id()
    await desk.hear(an_activity(person_id))
    await desk.hear(an_erasure(person_id))
    desk.clock.advance(seconds=90 * DAY_SECONDS)

    await pass_time(desk)

    assert await desk.fetch("select from due") == []


async def pass_time(desk: Desk) -> int:
    """Run the timer once."""
    async with desk.transactions.begin() as tx:
        return await pass_due(tx, limit=100)
