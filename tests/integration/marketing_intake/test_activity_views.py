"""Activities are listed, newest first, by what is asked for."""

from typing import Any

from support.intake_door import ADA, IntakeDoor, MadeSource

VIEWED = {"kind": "page_viewed", "email": ADA["email"], "url": "https://shop.example/ovens"}


async def record(intake: IntakeDoor, source: MadeSource, **more: Any) -> dict[str, Any]:
    """Record one activity; returns the answer."""
    answer = await intake.client.post("/v1/activities", json=VIEWED | more, headers=source.headers)
    body: dict[str, Any] = answer.json()
    return body


async def test_activities_are_listed_newest_first_by_what_is_asked_for(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    fair = await intake.source("fair")
    first = await record(intake, shop)
    machine = await record(intake, shop, user_agent="curl/8")
    other = await record(intake, fair, kind="meeting_booked", email="else@example.org")

    async def listed(**query: str) -> list[str]:
        page = (await intake.get("/v1/activities", **query)).json()
        return [one["activity_id"] for one in page["items"]]

    ids = [one["activity_id"] for one in (other, machine, first)]
    assert await listed() == ids
    assert await listed(person=first["person_id"]) == ids[1:]
    assert await listed(source=fair.id) == ids[:1]
    assert await listed(kind="meeting_booked") == ids[:1]
    assert await listed(suspicion="known_agent") == [ids[1]]
    assert (await intake.get("/v1/activities", kind="dreamt")).status_code == 422
    assert (await intake.get("/v1/activities", person="me")).status_code == 422


async def test_a_list_goes_on_where_it_ended(intake: IntakeDoor, shop: MadeSource) -> None:
    sent = [(await record(intake, shop))["activity_id"] for _ in range(3)]

    page = (await intake.get("/v1/activities", limit=2)).json()
    rest = (await intake.get("/v1/activities", limit=2, cursor=page["next_cursor"])).json()

    found = [one["activity_id"] for one in (*page["items"], *rest["items"])]
    assert found == sent[::-1]
    stale = await intake.get("/v1/activities", kind="page_viewed", cursor=page["next_cursor"])
    assert stale.status_code == 422
