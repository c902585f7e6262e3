"""What sales keeps of somebody is handed out to who may know it."""

from baton.ids import new_id
from support.prospects import card, qualified
from support.sales_door import Door

SCOPES = ("people:admin", "pii:read")


async def test_card_prospects_and_offers_are_handed_out(door: Door) -> None:
    await door.office.team(1)
    lead = qualified()
    await door.office.hear(card(lead.person_id))
    await door.office.hear(lead)

    answer = await door.get(f"/v1/people/{lead.person_id}/export", *SCOPES)

    counts = {name: len(rows) for name, rows in answer.json()["parts"].items()}
    assert counts == {
        "people": 1, "merges": 0, "prospects": 1, "leads": 1, "offers": 1, "outcomes": 0,
        "steps": 1,
    }  # fmt: skip
    assert answer.json()["parts"]["people"][0]["email"]


async def test_who_may_not_know_is_refused_and_nobody_unknown_is_handed_out(door: Door) -> None:
    path = f"/v1/people/{new_id()}/export"

    answers = [(await door.get(path, *scopes)).status_code for scopes in (SCOPES[:1], SCOPES)]

    assert answers == [403, 404]
