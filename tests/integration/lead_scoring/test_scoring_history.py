"""A person's scores are listed as their history, and each comes out again."""

from baton.ids import new_id
from launcher.explain import comes_out
from lead_scoring.__main__ import parts_of
from lead_scoring.settings import ScoringSettings
from support.databases import MakeTransactions, Templates
from support.open_services import open_service, plain_settings
from support.scoring_desk import a_merge, a_weak_lead, make_desk_on
from support.scoring_events import HOT, a_retraction, an_activity


async def test_scores_are_listed_newest_first_page_by_page(
    make_transactions: MakeTransactions, templates: Templates
) -> None:
    url = await templates.copy("lead_scoring")
    desk = await make_desk_on(make_transactions, url)
    await desk.publish(**HOT)
    ann, bob = new_id(), new_id()
    demo = an_activity(ann, minutes=5)
    for event in (a_weak_lead(ann), demo, a_retraction(demo, minutes=9), a_weak_lead(bob)):
        desk.clock.advance(seconds=1)
        await desk.hear(event)
    await desk.hear(*a_merge(ann, bob, merge_id=new_id()))

    async with open_service(parts_of(ScoringSettings.model_validate(plain_settings(url)))) as door:
        headers = await door.key("scores:read")
        pages, cursor = [], ""
        while cursor is not None:
            path = f"/v1/people/{ann}/scores?limit=2{cursor and '&cursor=' + cursor}"
            answer = (await door.client.get(path, headers=headers)).json()
            pages.append(answer["items"])
            cursor = answer["next_cursor"]
        paths = [f"/v1/receipts/{one['receipt_id']}/explanation" for page in pages for one in page]
        explained = [(await door.client.get(path, headers=headers)).json() for path in paths]
        unknown = await door.client.get(f"/v1/people/{new_id()}/scores", headers=headers)

    found = [one for page in pages for one in page]
    results = [one["result"] for one in found]
    # What follows from one event is written at one time.
    assert (results[0], set(results[1:3]), results[3:]) == (
        "nurtured", {"rescored", "undone"}, ["qualified", "nurtured"],
    )  # fmt: skip
    assert found[3]["score"]["sentence"] == "asked for a demo +20; anybody +5"
    assert found[3]["inputs"][-1] == demo.id
    assert unknown.json()["items"] == []
    assert all(comes_out(one) for one in explained)
    (counted,) = [one for one in explained[3]["factors"] if one["occurrences"]]
    assert counted["occurrences"][0]["event_id"] == demo.id
