"""Being forgotten: every table that holds something personal lets go of it."""

import pytest

from baton.ids import new_id
from marketing_intake.domain.draft import DeletionDraft
from marketing_intake.handlers.erasure import erase_again
from marketing_intake.handlers.submission import SetAside
from support.capturing import captured
from support.intake_door import ADA, IntakeDoor, MadeSource
from support.marked_person import fill_every_corner, holding, refused


async def forget(intake: IntakeDoor, person_id: str) -> int:
    """Erase somebody; the answer's status."""
    answer = await intake.client.delete(f"/v1/people/{person_id}", headers=intake.admin)
    return answer.status_code


async def bodies(intake: IntakeDoor) -> dict[str, bytes | None]:
    """What is kept of each payload."""
    rows = await intake.opened.fetch("select id, body from payloads")
    return {row["id"]: row["body"] for row in rows}


async def test_nothing_of_somebody_who_is_forgotten_is_left_in_any_table(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    person_id = await fill_every_corner(intake, shop)
    before = await holding(intake)

    status = await forget(intake, person_id)

    assert status == 204
    assert before == [
        "activities", "consents", "idempotency", "identifiers", "leads", "outbox", "parked",
        "payloads", "people", "strays", "work",
    ]  # fmt: skip
    assert await holding(intake) == []
    assert await intake.unaccounted() == 0


async def test_what_is_left_of_consent_still_shows_that_there_was_one(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    person_id = await fill_every_corner(intake, shop)
    await forget(intake, person_id)

    rows = await intake.opened.fetch(
        "select granted, text_sha256, circumstances from consents order by how desc"
    )

    assert [(row["granted"], row["circumstances"]) for row in rows] == [
        (["contact"], None),
        (["marketing"], None),
    ]
    assert rows[0]["text_sha256"] is not None


@pytest.mark.parametrize(
    "said",
    [
        {"email": "ADA@example.org"},
        {"text": "write to ada+news@example.org, please"},
        {"phone": "202 555 0123"},
        {"phone": "+1 (202) 555-0123 ext."},
        b'{"email": "ada\\u0040example.org",',
        b"<email>ada@example.org</email>",
        b"name=Ada&email=ada%40example.org",
    ],
    ids=["case", "text", "spaces", "brackets", "escaped", "markup", "form"],
)
async def test_a_refused_payload_that_names_them_is_blanked(
    intake: IntakeDoor, shop: MadeSource, said: object
) -> None:
    lead = await intake.taken(shop, phone="+12025550123")
    body = said if isinstance(said, bytes) else ADA | {"country": "nowhere"} | dict(said)  # type: ignore[call-overload]  # the cases are dictionaries
    if not isinstance(body, bytes) and "email" not in said:  # type: ignore[operator]  # as above
        body["email"] = "nobody"
    payload_id = await refused(intake, shop, body)

    await forget(intake, lead["person_id"])

    assert (await bodies(intake))[payload_id] is None


async def test_a_refused_payload_of_somebody_else_is_kept(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop)
    other = ADA | {"email": "other@example.org", "country": "nowhere"}
    payload_id = await refused(intake, shop, other)

    await forget(intake, lead["person_id"])

    assert (await bodies(intake))[payload_id] is not None


async def test_a_person_is_forgotten_under_all_ids_that_are_one(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    ids = [
        (await intake.taken(shop, email=email))["person_id"]
        for email in ("one@example.org", "other@example.org", "third@example.org")
    ]
    merged = {"person_ids": ids[:2]}
    await intake.client.post("/v1/people/merge", json=merged, headers=intake.admin)

    await forget(intake, ids[1])

    told = {one["data"]["person_id"] for one in await intake.said("PersonErased")}
    assert told == set(ids[:2])
    left = await intake.opened.fetch("select value from identifiers")
    assert [row["value"] for row in left] == ["third@example.org"]


async def test_what_is_sent_again_under_its_key_brings_nobody_back(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    key = {"idempotency-key": "again"}
    first = await intake.send(shop, ADA, **key)
    await forget(intake, first.json()["person_id"])

    again = await intake.send(shop, ADA, **key)

    assert (again.status_code, again.headers["idempotent-replayed"]) == (202, "true")
    assert again.json() == first.json()
    assert await intake.count("leads") == 1


async def test_a_vendor_that_deletes_a_lead_has_its_person_forgotten(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop)

    outcomes = await captured(intake, shop, DeletionDraft("nothing came under it"))

    assert [one.status for one in outcomes if isinstance(one, SetAside)] == ["deleted"]
    assert await forget(intake, lead["person_id"]) == 204


async def test_who_came_back_with_a_restored_database_is_forgotten_again(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop)
    person_ids = [lead["person_id"], new_id()]

    async with intake.opened.service.transactions.begin() as tx:
        first = await erase_again(person_ids, tx)
    async with intake.opened.service.transactions.begin() as tx:
        second = await erase_again(person_ids, tx)

    assert (first, second) == (1, 0)
    assert await intake.said("PersonErased") == []
    assert [one["data"] for one in await intake.said("ContactCard")] == [None]
    assert await intake.unaccounted() == 0
