"""What people do moves them: up to sales, back from it, and from band to band."""

from baton.contracts.marketing import LeadEnriched
from baton.ids import new_id
from support.scoring_desk import (
    Desk,
    a_consent,
    a_lead,
    a_merge,
    a_weak_lead,
    again,
    an_unmerge,
    at,
    lead_id_of,
)
from support.scoring_events import HOT, a_retraction, an_activity


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


async def test_a_company_counts_as_it_was_when_one_of_its_people_was_looked_at(desk: Desk) -> None:
    company = {"group": "fit", "points": 10, "text": "several of the company"}
    size = {"aggregate": "average", "attribute": "trait:size", "at_least": 15}
    demos = {"count_of": "activities", "kinds": ["demo_requested"], "at_least": 1}
    await desk.publish(
        rules=[
            company | {"id": "several", "company": {"count_of": "people", "at_least": 2}},
            company | {"id": "leads", "company": {"count_of": "leads", "at_least": 3}},
            company | {"id": "size", "company": size},
            company | {"id": "demos", "company": demos},
        ],
        line={"points": 20},
    )
    company_id, ann, bob = new_id(), new_id(), new_id()
    first = a_weak_lead(ann, company_id=company_id, traits={"size": 10})
    second = a_weak_lead(bob, company_id=company_id, traits={"size": 30}, minutes=5)

    await desk.hear(first, an_activity(ann, minutes=1))
    await desk.hear(second)

    said = {one["data"]["lead_id"]: one for one in (await desk.said())[1:]}
    assert said[lead_id_of(first)]["type"] == "LeadNurtured"
    assert [one["rule"] for one in said[lead_id_of(second)]["data"]["reasons"]] == [
        "several", "size", "demos",
    ]  # fmt: skip
    receipt = (await desk.score(bob)).receipts[0]
    assert receipt.inputs.roll_ups == {"several": 2, "leads": 2, "size": 20, "demos": 1}
    assert (await desk.verify()).differences == []
    assert (await desk.score(ann)).score.points == 10
