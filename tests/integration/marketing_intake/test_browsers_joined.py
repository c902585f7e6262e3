"""Anonymous people are joined with who they turn out to be, and a browser may be shared."""

import asyncio
from typing import Any

import pytest

from marketing_intake.handlers.people_candidates import judge_met
from support.intake_door import ADA, IntakeDoor, MadeSource
from support.opt_in import GIVEN, open_office

VIEWED = {"kind": "page_viewed", "anonymous_id": "a-1"}
GRACE = {"email": "grace@example.org", "given_name": "Grace", "family_name": "Invented"}


async def visit(intake: IntakeDoor, source: MadeSource, **more: Any) -> str:
    """A page that somebody looked at; returns the person."""
    answer = await intake.client.post("/v1/activities", json=VIEWED | more, headers=source.headers)
    assert answer.status_code == 202, answer.text
    person_id: str = answer.json()["person_id"]
    return person_id


async def lead(intake: IntakeDoor, source: MadeSource, **fields: Any) -> str:
    """A lead; returns the person."""
    return (await intake.taken(source, **fields))["person_id"]


async def join(intake: IntakeDoor) -> int:
    """Let the timer join whom there is to join; returns how many pairs it looked at."""
    looked = 0
    while True:
        async with intake.opened.service.transactions.begin() as tx:
            done = await judge_met(tx)
        if not done:
            return looked
        looked += done


async def test_a_lead_with_the_browsers_id_is_of_whoever_sat_there(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    before = await visit(intake, shop)

    person_id = await lead(intake, shop, anonymous_id="a-1")
    after = await visit(intake, shop)

    assert before == person_id == after
    assert await join(intake) == 0
    assert (await intake.said("ContactCard"))[-1]["key"] == person_id
    assert "a-1" not in str(await intake.said("LeadCaptured"))
    assert await intake.unaccounted() == 0


async def test_somebody_known_is_merged_with_who_they_were_at_the_browser(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    known = await lead(intake, shop)
    anonymous = await visit(intake, shop)

    again = await lead(intake, shop, anonymous_id="a-1")
    looked = await join(intake)

    assert (again, looked) == (known, 1)
    facts = await intake.said("PeopleMerged")
    assert {fact["key"] for fact in facts} == {known, anonymous}
    assert {fact["data"]["survivor_id"] for fact in facts} == {known}
    assert await visit(intake, shop) == known
    assert await intake.unaccounted() == 0


async def test_another_name_at_the_browser_is_another_person_who_has_it_from_then_on(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    ada = await lead(intake, shop, anonymous_id="a-1")

    grace = await lead(intake, shop, **GRACE, anonymous_id="a-1")

    assert grace != ada
    assert await visit(intake, shop) == grace
    assert await lead(intake, shop) == ada
    assert await join(intake) == 0


async def test_who_was_merged_by_way_of_a_browser_is_not_merged_with_the_next(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    ada, grace = await lead(intake, shop), await lead(intake, shop, **GRACE)
    anonymous = await visit(intake, shop)
    await lead(intake, shop, anonymous_id="a-1")

    await lead(intake, shop, **GRACE, anonymous_id="a-1")
    await join(intake)

    merged = {fact["key"] for fact in await intake.said("PeopleMerged")}
    assert merged == {ada, anonymous}
    assert await visit(intake, shop) == grace


async def test_who_was_merged_by_hand_is_nobody_to_be_joined(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    ada, anonymous = await lead(intake, shop), await visit(intake, shop)
    await intake.client.post(
        "/v1/people/merge", json={"person_ids": [ada, anonymous]}, headers=intake.admin
    )

    grace = await lead(intake, shop, **GRACE, anonymous_id="a-1")

    assert grace not in (ada, anonymous)
    assert await join(intake) == 0


async def test_all_of_it_may_come_in_one_batch(intake: IntakeDoor, shop: MadeSource) -> None:
    known = await lead(intake, shop)
    batch = [
        VIEWED,
        VIEWED | {"email": ADA["email"]},
        VIEWED | {"email": GRACE["email"]},
        VIEWED,
        VIEWED | {"anonymous_id": "a-2"},
    ]

    answer = await intake.client.post("/v1/activities", json=batch, headers=shop.headers)

    first, ada, grace, last, other = [one["person_id"] for one in answer.json()["items"]]
    assert (first, ada) == (known, known)
    assert last == grace
    assert len({known, grace, other}) == 3
    assert await intake.unaccounted() == 0


@pytest.mark.parametrize("mark", [{"is_test": True}])
async def test_a_test_takes_no_browser_over(
    intake: IntakeDoor, shop: MadeSource, mark: dict[str, bool]
) -> None:
    anonymous = await visit(intake, shop)

    tester = await lead(intake, shop, anonymous_id="a-1", **mark)

    assert tester != anonymous
    assert await visit(intake, shop) == anonymous


async def test_an_anonymous_id_alone_makes_no_lead(intake: IntakeDoor, shop: MadeSource) -> None:
    answer = await intake.send(shop, {"anonymous_id": "a-1", "message": "hello"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/email"


async def test_who_confirms_their_address_has_the_browser_from_then_on(url: str) -> None:
    async with open_office(url) as office:
        form = (await office.intake.opened.fetch("select id from sources"))[0]
        fields = GIVEN | {"anonymous_id": "a-1"}
        link = await office.asked(fields)
        before = await office.intake.opened.fetch("select * from identifiers where value = 'a-1'")

        await office.press(link)

        (after,) = await office.intake.opened.fetch("select * from identifiers where value = 'a-1'")
    assert before == []
    assert after["kind"] == f"anonymous:{form['id']}"


async def test_an_office_address_at_somebodys_browser_is_not_them(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    ada = await lead(intake, shop, anonymous_id="a-1")

    office = await lead(intake, shop, email="info@example.org", anonymous_id="a-1")
    answer = await visit(intake, shop, email="info@example.org")

    assert ada not in (office, answer)
    assert await visit(intake, shop) == ada
    assert await join(intake) == 0


async def test_who_is_forgotten_is_not_joined(intake: IntakeDoor, shop: MadeSource) -> None:
    known = await lead(intake, shop)
    await visit(intake, shop)
    await lead(intake, shop, anonymous_id="a-1")
    await intake.client.delete(f"/v1/people/{known}", headers=intake.admin)

    await join(intake)

    assert await intake.said("PeopleMerged") == []
    assert await visit(intake, shop) != known


async def test_many_at_one_browser_at_the_same_moment_are_all_taken(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await visit(intake, shop)
    leads = [{"email": f"p{n}@example.org", "anonymous_id": "a-1"} for n in range(6)]

    answers = await asyncio.gather(*(intake.send(shop, one) for one in leads))
    again = await asyncio.gather(*(intake.send(shop, one) for one in leads))

    people = [answer.json()["person_id"] for answer in answers]
    assert [answer.json()["person_id"] for answer in again] == people
    assert len(set(people)) == len(people)
    assert await visit(intake, shop) in people
    assert await intake.unaccounted() == 0
