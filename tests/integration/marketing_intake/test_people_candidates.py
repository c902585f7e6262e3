"""Two who may be one: merged by the matcher when it is certain, and looked at by people if not."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from baton.ids import new_id
from baton.transaction import Transaction
from marketing_intake.handlers.people_candidates import find_alike, judge_met
from support.intake_door import IntakeDoor, MadeSource

PHONE = "+12025550123"


async def run(intake: IntakeDoor, timer: Callable[[Transaction], Awaitable[int]]) -> int:
    """Let a timer run once."""
    async with intake.opened.service.transactions.begin() as tx:
        return await timer(tx)


async def person(intake: IntakeDoor, shop: MadeSource, **lead: object) -> str:
    """Somebody whom a lead made known."""
    return (await intake.taken(shop, **lead))["person_id"]


async def candidates(intake: IntakeDoor, state: str = "open") -> list[dict[str, Any]]:
    """The pairs of a state."""
    items: list[dict[str, Any]] = (await intake.get("/v1/people/candidates", state=state)).json()[
        "items"
    ]
    return items


async def answer(intake: IntakeDoor, candidate_id: str, what: str) -> httpx.Response:
    """Accept or dismiss one."""
    path = f"/v1/people/candidates/{candidate_id}/{what}"
    return await intake.client.post(path, headers=intake.admin)


async def two_who_met(intake: IntakeDoor, shop: MadeSource) -> tuple[str, str]:
    """One lead named the address of the one, and the phone and last name of the other."""
    one = await person(intake, shop, email="one@example.org")
    other = await person(intake, shop, email=None, phone=PHONE)
    assert await person(intake, shop, email="one@example.org", phone=PHONE) == one
    return one, other


async def test_an_address_and_an_external_id_in_one_lead_merge_their_people(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    one = await person(intake, shop, email="one@example.org")
    other = await person(intake, shop, email=None, external_id="4711")
    landed = await person(intake, shop, email="one@example.org", external_id="4711")

    judged = await run(intake, judge_met)

    said = await intake.said("PeopleMerged")
    assert (landed, judged) == (one, 1)
    assert {one["key"] for one in said} == {one, other}
    assert said[0]["data"]["survivor_id"] == min(one, other)
    (pair,) = await candidates(intake, "merged")
    assert (pair["reasons"], pair["decided_by"]) == (["email+external_id"], "matcher")
    assert pair["merge_id"] == said[0]["data"]["merge_id"]


async def test_two_ids_of_one_source_show_that_they_are_two(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await person(intake, shop, email="one@example.org", external_id="1234")
    await person(intake, shop, email=None, external_id="5678")
    await person(intake, shop, email="one@example.org", external_id="5678")

    await run(intake, judge_met)

    assert await intake.said("PeopleMerged") == []
    assert [pair["reasons"] for pair in await candidates(intake, "apart")] == [
        ["email+external_id"]
    ]


async def test_a_phone_and_a_last_name_are_for_people_to_look_at(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    one, other = await two_who_met(intake, shop)

    await run(intake, judge_met)

    (pair,) = await candidates(intake)
    assert {pair["first_id"], pair["second_id"]} == {one, other}
    assert pair["reasons"] == ["email+phone"]
    assert await intake.said("PeopleMerged") == []
    assert (await intake.get(f"/v1/people/{one}")).json()["candidates"] == 1


async def test_whoever_is_accepted_is_merged_once(intake: IntakeDoor, shop: MadeSource) -> None:
    one, other = await two_who_met(intake, shop)
    await run(intake, judge_met)
    (pair,) = await candidates(intake)

    first = await answer(intake, pair["candidate_id"], "accept")
    again = await answer(intake, pair["candidate_id"], "accept")

    assert (first.status_code, again.status_code) == (201, 409)
    shown = (await intake.get(f"/v1/people/{other}")).json()
    assert shown["member_ids"] == sorted([one, other])
    (merged,) = await candidates(intake, "merged")
    assert merged["merge_id"] == first.json()["merge_id"]


async def test_whoever_is_dismissed_is_proposed_no_more(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await two_who_met(intake, shop)
    await run(intake, judge_met)
    (pair,) = await candidates(intake)

    dismissed = await answer(intake, pair["candidate_id"], "dismiss")
    await person(intake, shop, email="one@example.org", phone=PHONE)
    await run(intake, judge_met)

    assert dismissed.status_code == 204
    assert await candidates(intake) == []
    assert len(await candidates(intake, "dismissed")) == 1


async def test_whom_somebody_parted_the_matcher_does_not_merge_again(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    one = await person(intake, shop, email="one@example.org")
    await person(intake, shop, email=None, external_id="4711")
    both: dict[str, object] = {"email": "one@example.org", "external_id": "4711"}
    await person(intake, shop, **both)
    await run(intake, judge_met)
    merge_id = (await intake.said("PeopleMerged"))[0]["data"]["merge_id"]

    await intake.client.post(
        "/v1/people/unmerge", json={"merge_id": merge_id}, headers=intake.admin
    )
    await person(intake, shop, **both)
    await run(intake, judge_met)

    assert (await intake.get(f"/v1/people/{one}")).json()["member_ids"] == [one]
    assert len(await candidates(intake, "dismissed")) == 1


async def test_who_is_forgotten_is_nobodys_candidate(intake: IntakeDoor, shop: MadeSource) -> None:
    one, _ = await two_who_met(intake, shop)
    await intake.client.delete(f"/v1/people/{one}", headers=intake.admin)

    await run(intake, judge_met)

    assert await candidates(intake) == []


async def test_people_who_are_alike_are_proposed_and_not_merged(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    one = await person(intake, shop, email="ada@crumpet.example.org", company="Crumpet Ltd")
    other = await person(intake, shop, email="ada@gmail.com", company="CRUMPET")
    await person(intake, shop, email="x@example.org", family_name="Other", company="Crumpet")
    intake.clock.advance(seconds=31)

    looked_at = await run(intake, find_alike)
    again = await run(intake, find_alike)

    (pair,) = await candidates(intake)
    assert (looked_at, again) == (3, 0)
    assert (pair["first_id"], pair["second_id"]) == (one, other)
    assert (pair["reasons"], pair["score"]) == (["name", "company"], 0.65)
    assert pair["first_card"]["company"] == "Crumpet Ltd"
    assert await intake.said("PeopleMerged") == []


async def test_what_is_not_settled_yet_is_looked_at_later(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await person(intake, shop)

    soon = await run(intake, find_alike)
    intake.clock.advance(seconds=31)
    later = await run(intake, find_alike)

    assert (soon, later) == (0, 1)


async def test_a_reader_without_the_scope_sees_masked_cards(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await two_who_met(intake, shop)
    await run(intake, judge_met)
    reader = await intake.opened.key("leads:read")

    page = (await intake.client.get("/v1/people/candidates", headers=reader)).json()

    assert "example.org" not in str(page)
    assert "Invented" not in str(page)


async def test_pairs_are_listed_page_by_page(intake: IntakeDoor, shop: MadeSource) -> None:
    for n in range(3):
        name = {"family_name": f"Family {n}"}
        await person(intake, shop, email=f"n{n}@example.org", **name)
        await person(intake, shop, email=None, phone=PHONE, **name)
        await person(intake, shop, email=f"n{n}@example.org", phone=PHONE, **name)
    await run(intake, judge_met)

    first = (await intake.get("/v1/people/candidates", limit=2)).json()
    rest = (await intake.get("/v1/people/candidates", limit=2, cursor=first["next_cursor"])).json()

    ids = {one["candidate_id"] for one in first["items"] + rest["items"]}
    assert (len(first["items"]), len(ids)) == (2, 3)


async def test_an_unknown_candidate_is_not_found(intake: IntakeDoor) -> None:
    assert (await answer(intake, new_id(), "accept")).status_code == 404
    assert (await answer(intake, new_id(), "dismiss")).status_code == 404
