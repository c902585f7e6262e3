"""Activities come by HTTP: each is recorded once, of a person, and what can't be is kept."""

from typing import Any

import httpx
import orjson

from support.intake_door import ADA, IntakeDoor, MadeSource

VIEWED = {"kind": "page_viewed", "email": "ada@example.org", "url": "https://shop.example/ovens"}


async def post(
    intake: IntakeDoor, shop: MadeSource, body: object, **headers: str
) -> httpx.Response:
    """Send activities as this source does."""
    sent = {"content-type": "application/json", **shop.headers, **headers}
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return await intake.client.post("/v1/activities", content=content, headers=sent)


async def test_an_activity_is_recorded_and_said(intake: IntakeDoor, shop: MadeSource) -> None:
    answer = await post(intake, shop, VIEWED | {"subject": "Ovens"})

    assert answer.status_code == 202
    (fact,) = await intake.said("ActivityRecorded")
    assert fact["data"]["activity_id"] == answer.json()["activity_id"]
    assert "shop.example" not in str(fact)
    (row,) = await intake.opened.fetch("select details from activities")
    assert row["details"] == {"name": "Ovens", "url": "https://shop.example/ovens"}
    assert await intake.unaccounted() == 0


async def test_an_activity_is_of_the_person_of_the_lead(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop)

    activity = (await post(intake, shop, VIEWED)).json()

    assert activity["person_id"] == lead["person_id"]


async def test_somebody_anonymous_is_the_same_person_once_they_are_known(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    anonymous = {"kind": "page_viewed", "anonymous_id": "a-1"}
    first = (await post(intake, shop, anonymous)).json()
    again = (await post(intake, shop, anonymous)).json()

    known = (await post(intake, shop, VIEWED | {"anonymous_id": "a-1"})).json()
    lead = await intake.taken(shop)

    people = {one["person_id"] for one in (first, again, known, lead)}
    assert len(people) == 1


async def test_another_sources_anonymous_id_is_somebody_else(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    fair = await intake.source("fair")
    anonymous = {"kind": "page_viewed", "anonymous_id": "a-1"}

    first = (await post(intake, shop, anonymous)).json()
    other = (await post(intake, fair, anonymous)).json()

    assert first["person_id"] != other["person_id"]


async def test_an_activity_with_its_senders_id_is_recorded_once(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    first = await post(intake, shop, VIEWED | {"id": "e-1"})
    again = await post(intake, shop, VIEWED | {"id": "e-1"})

    assert (again.status_code, again.json()) == (202, first.json())
    assert await intake.count("activities") == 1


async def test_an_idempotency_key_holds_for_activities(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    first = await post(intake, shop, VIEWED, **{"idempotency-key": "k"})
    again = await post(intake, shop, VIEWED, **{"idempotency-key": "k"})

    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"


async def test_an_unknown_kind_is_refused_by_its_field_and_kept(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    answer = await post(intake, shop, VIEWED | {"kind": "thought_of"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/kind"
    (row,) = await intake.opened.fetch("select status, component, failure from payloads")
    assert (row["status"], row["component"], row["failure"]) == (
        "refused", "activity-json", "schema",
    )  # fmt: skip
    assert await intake.unaccounted() == 0


async def test_several_activities_are_answered_one_by_one(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    many: list[dict[str, Any]] = [
        VIEWED | {"id": "e-1"}, {"kind": "page_viewed"}, VIEWED | {"id": "e-1"},
    ]  # fmt: skip

    answer = (await post(intake, shop, many)).json()

    assert (answer["recorded"], answer["refused"]) == (2, 1)
    assert [item["status"] for item in answer["items"]] == [202, 422, 202]
    assert answer["items"][1]["field"] == "email"
    assert answer["items"][0]["activity_id"] == answer["items"][2]["activity_id"]
    assert await intake.unaccounted() == 0


async def test_activities_come_as_lines(intake: IntakeDoor, shop: MadeSource) -> None:
    lines = b"\n".join(orjson.dumps(VIEWED | {"n": n}) for n in range(3))

    answer = await post(intake, shop, lines, **{"content-type": "application/x-ndjson"})

    assert answer.json()["recorded"] == 3


async def test_more_than_a_thousand_activities_are_refused(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    answer = await post(intake, shop, [VIEWED] * 1001)

    assert answer.status_code == 422
    assert await intake.count("payloads") == 0


async def test_an_unsubscribing_person_allows_no_marketing_any_more(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop, consent=["contact", "marketing"])
    await intake.client.post(
        f"/v1/people/{lead['person_id']}/consent",
        json={"granted": ["contact", "marketing"]},
        headers=intake.admin,
    )

    await post(intake, shop, {"kind": "unsubscribed", "email": ADA["email"]})

    changes = await intake.said("ConsentChanged")
    assert changes[-1]["data"]["granted"] == ["contact"]
