"""People: merged and parted, what they allow, and being forgotten."""

import asyncio
from typing import Any

import httpx
import pytest

from baton.ids import new_id
from baton.transaction import Origin
from marketing_intake.handlers import erasure
from support.eventually import eventually
from support.intake_door import ADA, IntakeDoor, MadeSource

ONE, OTHER = "one@example.org", "other@example.org"


async def post(intake: IntakeDoor, path: str, body: object) -> httpx.Response:
    """Ask for a change as the administrator."""
    return await intake.client.post(f"/v1/people/{path}", json=body, headers=intake.admin)


async def two_people(intake: IntakeDoor, shop: MadeSource) -> list[str]:
    """Their ids."""
    return [(await intake.taken(shop, email=email))["person_id"] for email in (ONE, OTHER)]


async def forget(intake: IntakeDoor, person_id: str) -> httpx.Response:
    """Erase somebody."""
    return await intake.client.delete(f"/v1/people/{person_id}", headers=intake.admin)


async def audited(intake: IntakeDoor) -> list[str]:
    """What was changed by hand, last first."""
    rows = await intake.opened.fetch("select what from audit_log order by at desc, id desc")
    return [row["what"] for row in rows]


async def test_a_merge_is_said_once_under_each_member(intake: IntakeDoor, shop: MadeSource) -> None:
    members = await two_people(intake, shop)

    merged = await post(intake, "merge", {"person_ids": members})

    assert merged.status_code == 201
    said = await intake.said("PeopleMerged")
    assert [one["key"] for one in said] == members
    assert {one["data"]["merge_id"] for one in said} == {merged.json()["merge_id"]}
    assert {one["data"]["survivor_id"] for one in said} == {members[0]}
    assert (await audited(intake))[0] == "people merged"


async def test_a_merge_can_be_taken_back_once(intake: IntakeDoor, shop: MadeSource) -> None:
    members = await two_people(intake, shop)
    merged = (await post(intake, "merge", {"person_ids": members})).json()

    first = await post(intake, "unmerge", merged)
    again = await post(intake, "unmerge", merged)

    assert (first.status_code, again.status_code) == (204, 404)
    said = await intake.said("PeopleUnmerged")
    assert [(one["key"], one["data"]["version"]) for one in said] == [(id_, 2) for id_ in members]
    assert (await audited(intake))[0] == "people unmerged"


async def test_who_is_one_already_cannot_be_merged_again(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    members = await two_people(intake, shop)
    third = (await intake.taken(shop, email="third@example.org"))["person_id"]
    await post(intake, "merge", {"person_ids": members})
    await post(intake, "merge", {"person_ids": [members[1], third]})

    answer = await post(intake, "merge", {"person_ids": [members[0], third]})

    assert answer.status_code == 409
    assert answer.json()["errors"][0]["pointer"] == "#/person_ids"


async def test_two_merges_of_one_person_at_once_make_one(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    members = await two_people(intake, shop)

    answers = await asyncio.gather(
        *(post(intake, "merge", {"person_ids": members}) for _ in range(4))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


@pytest.mark.parametrize("how", ["twice", "unknown", "alone"])
async def test_only_different_known_people_are_merged(
    intake: IntakeDoor, shop: MadeSource, how: str
) -> None:
    one, _ = await two_people(intake, shop)
    ids = {"twice": [one, one], "unknown": [one, new_id()], "alone": [one]}[how]

    answer = await post(intake, "merge", {"person_ids": ids})

    assert answer.status_code == (422 if how == "alone" else 404)
    assert await intake.said("PeopleMerged") == []


async def test_consent_has_a_version_that_grows(intake: IntakeDoor, shop: MadeSource) -> None:
    one, _ = await two_people(intake, shop)

    first = await post(intake, f"{one}/consent", {"granted": ["contact", "marketing"]})
    second = await post(intake, f"{one}/consent", {"granted": []})

    assert (first.json()["version"], second.json()["version"]) == (1, 2)
    said = [one["data"] for one in await intake.said("ConsentChanged")]
    assert [(one["version"], one["granted"]) for one in said] == [
        (1, ["contact", "marketing"]),
        (2, []),
    ]
    (record, *_) = await intake.opened.fetch(
        "select old, new from audit_log order by at desc, id desc"
    )
    assert (record["old"], record["new"]) == (["contact", "marketing"], [])


async def test_consent_of_somebody_unknown_or_of_an_unknown_kind_is_refused(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    one, _ = await two_people(intake, shop)

    unknown = await post(intake, f"{new_id()}/consent", {"granted": []})
    bad = await post(intake, f"{one}/consent", {"granted": ["everything"]})

    assert unknown.status_code == 404
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "#/granted/0")


async def test_who_is_forgotten_leaves_no_trace_but_numbers(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    bad = await intake.send(shop, ADA | {"occurred_at": "soon", "message": "mark"})
    payload_id = bad.json()["instance"].rsplit("/", 1)[1]
    headers = shop.headers | {"content-type": "application/json"}
    mended = await intake.client.post(
        f"/v1/payloads/{payload_id}/resend", json=ADA | {"message": "mark"}, headers=headers
    )
    lead = await intake.taken(shop, phone="+12025550123", external_id="mark", company="mark")
    keyed = ADA | {"message": "mark"}
    await intake.send(shop, keyed, **{"idempotency-key": "mark"})

    answer = await forget(intake, lead["person_id"])

    assert (mended.json()["person_id"], answer.status_code) == (lead["person_id"], 204)
    assert await marks(intake) == []
    states = await intake.opened.fetch("select state from leads")
    assert {row["state"] for row in states} == {"erased"}
    assert await intake.unaccounted() == 0


async def marks(intake: IntakeDoor) -> list[str]:
    """The tables that still hold something of hers; the outbox is not kept, it is sent."""
    tables = await intake.opened.fetch(
        "select tablename from pg_tables where schemaname = 'public' and tablename <> 'outbox'"
    )
    found = []
    for table in sorted(row["tablename"] for row in tables):
        rows: list[dict[str, Any]] = await intake.opened.fetch(f"select * from {table}")
        text = " ".join(str(value) for row in rows for value in row.values()).lower()
        if any(mark in text for mark in ("ada@example", "2025550123", "mark'", '"mark"')):
            found.append(table)
    return found


async def test_marks_are_found_where_they_are(intake: IntakeDoor, shop: MadeSource) -> None:
    await intake.taken(shop, company="mark")

    found = await marks(intake)

    assert found == ["identifiers", "payloads", "people"]


async def test_the_others_are_told_to_forget_and_the_card_is_buried_twice(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop)
    bury_again = next(
        timer for timer in intake.opened.service.parts.timers if timer.name == "bury_again"
    )

    await forget(intake, lead["person_id"])
    cards = await intake.said("ContactCard")
    async with intake.opened.service.transactions.begin() as tx:
        early = await bury_again.handler(tx)
    intake.clock.advance(seconds=3601)
    async with intake.opened.service.transactions.begin() as tx:
        due = await bury_again.handler(tx)

    # The card itself was not sent yet, and never will be.
    assert [card["data"] for card in cards] == [None]
    assert [one["data"] for one in await intake.said("PersonErased")] == [
        {"person_id": lead["person_id"]}
    ]
    assert (early, due) == (0, 1)
    again = await intake.said("ContactCard")
    assert [card["data"] for card in again] == [None, None]
    assert {card["key"] for card in again} == {lead["person_id"]}


async def test_who_comes_back_after_being_forgotten_is_somebody_new(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop)
    first = await forget(intake, lead["person_id"])

    again = await forget(intake, lead["person_id"])
    back = await intake.taken(shop)

    assert (first.status_code, again.status_code) == (204, 404)
    assert back["person_id"] != lead["person_id"]


async def test_a_lead_that_waits_for_an_erasure_is_of_somebody_new(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    old = await intake.taken(shop)

    async with intake.opened.service.transactions.begin() as tx:
        await erasure.erase(old["person_id"], tx, who="test", origin=Origin.fresh())
        sending = asyncio.create_task(intake.taken(shop, company="Crumpet & Sons"))
        await eventually(lambda: waiting(intake))
    back = await sending

    assert back["person_id"] != old["person_id"]
    erased = await intake.opened.fetch("select card from people where erased_at is not null")
    assert [row["card"] for row in erased] == [{}]


async def waiting(intake: IntakeDoor) -> int:
    """How many transactions of this database wait for a person's lock."""
    (row,) = await intake.opened.fetch(
        "select count(*) as count from pg_locks where locktype = 'advisory' and not granted"
        " and database = (select oid from pg_database where datname = current_database())"
    )
    count: int = row["count"]
    return count
