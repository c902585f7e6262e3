"""A person is shown as one, by any id that they ever had, and a merge can be looked at before."""

import httpx
import pytest

from baton.ids import new_id
from support.intake_door import IntakeDoor, MadeSource

HIDDEN = {
    "given_name": "A.",
    "family_name": "I.",
    "email": "a…@e….org",
    "phone": "…23",
    "external_ids": {},
}


async def person(intake: IntakeDoor, shop: MadeSource, **lead: object) -> str:
    """Somebody whom a lead made known; a second later for each, so that newer is newer."""
    intake.clock.advance(seconds=1)
    return (await intake.taken(shop, **lead))["person_id"]


async def merge(intake: IntakeDoor, *person_ids: str) -> str:
    """Say that these people are one."""
    answer = await intake.client.post(
        "/v1/people/merge", json={"person_ids": person_ids}, headers=intake.admin
    )
    assert answer.status_code == 201, answer.text
    merge_id: str = answer.json()["merge_id"]
    return merge_id


async def unmerge(intake: IntakeDoor, merge_id: str) -> None:
    """Take it back."""
    answer = await intake.client.post(
        "/v1/people/unmerge", json={"merge_id": merge_id}, headers=intake.admin
    )
    assert answer.status_code == 204, answer.text


async def preview(intake: IntakeDoor, *person_ids: str) -> httpx.Response:
    """What a merge of these would make."""
    return await intake.client.post(
        "/v1/people/merge/preview", json={"person_ids": person_ids}, headers=intake.admin
    )


async def kin(intake: IntakeDoor) -> dict[str, set[str]]:
    """Who goes under one id with whom, as it is kept for whoever counts people."""
    rows = await intake.opened.fetch("select person_id, kin_id from kin")
    return {
        row["kin_id"]: {one["person_id"] for one in rows if one["kin_id"] == row["kin_id"]}
        for row in rows
    }


async def test_a_merged_person_is_the_fold_over_its_members(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    old = await person(intake, shop, email="ada@gmail.com", company="Crumpet")
    new = await person(intake, shop, email="ada@example.org", company="n/a", phone="+12025550123")
    await person(intake, shop, email="ada@gmail.com", job_title="Baker")
    merge_id = await merge(intake, new, old)

    one, other = [(await intake.get(f"/v1/people/{id_}")).json() for id_ in (old, new)]

    assert one == other
    assert one["person_id"] == new
    assert one["member_ids"] == sorted([old, new])
    assert one["created_at"] < (await intake.get(f"/v1/people/{new}")).json()["last_lead_at"]
    assert one["card"] == {
        "given_name": "Ada",
        "family_name": "Invented",
        "email": "ada@example.org",
        "company": "Crumpet",
        "phone": "+12025550123",
        "job_title": "Baker",
    }
    assert (one["leads"], one["activities"], one["candidates"]) == (3, 0, 0)
    assert [merged["merge_id"] for merged in one["merges"]] == [merge_id]


async def test_a_merge_that_is_taken_back_leaves_two_people_as_they_were(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    ids = [await person(intake, shop, email=f"{name}@example.org") for name in ("one", "two")]
    before = [(await intake.get(f"/v1/people/{id_}")).json() for id_ in ids]
    merge_id = await merge(intake, *ids)

    await unmerge(intake, merge_id)

    assert [(await intake.get(f"/v1/people/{id_}")).json() for id_ in ids] == before
    assert await kin(intake) == {}


async def test_a_chain_of_merges_is_one_person_and_parts_link_by_link(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    ids = [await person(intake, shop, email=f"{n}@example.org") for n in ("one", "two", "three")]
    await merge(intake, ids[0], ids[1])
    middle = await merge(intake, ids[2], ids[1])

    chained = (await intake.get(f"/v1/people/{ids[0]}")).json()
    together = await kin(intake)
    await unmerge(intake, middle)
    parted = [(await intake.get(f"/v1/people/{id_}")).json()["member_ids"] for id_ in ids]

    assert (chained["person_id"], chained["leads"]) == (ids[2], 3)
    assert chained["member_ids"] == sorted(ids)
    assert together == {ids[2]: set(ids)}
    assert parted == [sorted(ids[:2]), sorted(ids[:2]), [ids[2]]]
    assert await kin(intake) == {ids[0]: set(ids[:2])}


async def test_without_the_scope_a_person_is_masked(intake: IntakeDoor, shop: MadeSource) -> None:
    one = await person(intake, shop, phone="+12025550123", external_id="4711", country="GB")
    reader = await intake.opened.key("leads:read")

    shown = (await intake.client.get(f"/v1/people/{one}", headers=reader)).json()

    assert shown["card"] == {**HIDDEN, "external_ids": {shop.id: "…"}, "country": "GB"}


async def test_a_preview_shows_the_fold_and_changes_nothing(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    old = await person(intake, shop, email="ada@gmail.com", external_id="1234")
    new = await person(intake, shop, email="ada@example.org", external_id="5678")

    shown = (await preview(intake, new, old)).json()

    assert shown["person_id"] == new
    assert shown["member_ids"] == sorted([old, new])
    assert shown["card"]["email"] == "ada@example.org"
    assert shown["card"]["external_ids"] == {shop.id: "5678"}
    assert shown["refused"] is None
    assert shown["beyond_limits"] == [{"kind": f"external:{shop.id}", "count": 2, "limit": 1}]
    assert await intake.count("merges") == 0


async def test_a_preview_says_why_a_merge_would_be_refused(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    ids = [await person(intake, shop, email=f"{name}@example.org") for name in ("one", "two")]
    await merge(intake, *ids)

    shown = (await preview(intake, *ids)).json()

    assert shown["refused"] == "they are one already"


async def test_a_preview_of_somebody_unknown_is_refused(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    one = await person(intake, shop)

    answer = await preview(intake, one, new_id())

    assert answer.status_code == 404


async def test_one_person_has_at_most_fifty_ids(intake: IntakeDoor, shop: MadeSource) -> None:
    items = [{"email": f"n{n}@example.org"} for n in range(51)]
    answer = await intake.client.post("/v1/leads/batch", json=items, headers=shop.headers)
    ids = [one["person_id"] for one in answer.json()["items"]]
    await merge(intake, *ids[:50])

    more = await intake.client.post(
        "/v1/people/merge", json={"person_ids": [ids[0], ids[50]]}, headers=intake.admin
    )
    shown = (await preview(intake, ids[50], ids[3])).json()

    assert more.status_code == 409
    assert shown["refused"] == "they would have more ids than one person may"


@pytest.mark.parametrize("how", ["unknown", "forgotten"])
async def test_who_is_unknown_or_forgotten_is_not_found(
    intake: IntakeDoor, shop: MadeSource, how: str
) -> None:
    one = await person(intake, shop)
    await intake.client.delete(f"/v1/people/{one}", headers=intake.admin)

    answer = await intake.get(f"/v1/people/{new_id() if how == 'unknown' else one}")

    assert answer.status_code == 404


async def test_a_worse_value_does_not_take_the_place_of_a_better_one(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    one = await person(intake, shop, external_id="4711", company="Crumpet")

    again = await person(intake, shop, email="ada@gmail.com", external_id="4711", company="-")

    shown = (await intake.get(f"/v1/people/{one}")).json()
    assert again == one
    assert (shown["card"]["email"], shown["card"]["company"]) == ("ada@example.org", "Crumpet")
