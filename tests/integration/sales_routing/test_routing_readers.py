"""Who reads sales-routing: a CRM by its feed, people on its page."""

import asyncio

from support.sales_door import Door, offered


async def test_the_feed_is_read_by_cursor_and_shows_cards_to_those_who_may(door: Door) -> None:
    await door.office.team(1)
    lead, rep_id = await offered(door)
    await door.post(f"/v1/prospects/{lead.prospect_id}/accept", {"rep_id": rep_id})
    await door.service.feeds["prospects"].append()

    first = (await door.get("/v1/prospects", limit=1)).json()
    second = (
        await door.get("/v1/prospects", "prospects:read", "pii:read", after=first["after"])
    ).json()
    end = (await door.get("/v1/prospects", after=second["after"])).json()

    assert [item["step"] for item in first["items"]] == ["ProspectOffered"]
    assert first["items"][0]["prospect"]["card"] is None
    assert [item["step"] for item in second["items"]] == ["ProspectAccepted"]
    assert second["items"][0]["prospect"]["card"]["email"] == "ines@example.test"
    assert (end["items"], end["after"]) == ([], second["after"])


async def test_a_reader_of_the_feed_waits_for_news(door: Door) -> None:
    await door.office.team(1)
    reading = asyncio.create_task(door.get("/v1/prospects", wait_seconds=20))
    lead, _ = await offered(door)

    await door.service.feeds["prospects"].append()
    news = (await reading).json()

    assert [item["prospect"]["id"] for item in news["items"]] == [lead.prospect_id]


async def test_a_stale_cursor_is_refused(door: Door) -> None:
    answer = await door.get("/v1/prospects", after="bm90LW91cnM")

    assert answer.status_code in {400, 422}
    assert answer.json()["type"].endswith("stale-cursor")


async def test_a_rep_answers_on_the_page(door: Door) -> None:
    rep = await door.office.rep(name="Rosa Invented", sign_in="rosa@example.test")
    other = await door.office.rep(name="Other Invented")
    await door.office.rules(await door.office.pool(rep, other))
    pairs = [await offered(door) for _ in range(2)]
    own = next(lead for lead, rep_id in pairs if rep_id == rep.id)
    token = await door.sign_in("rosa@example.test", "rep")

    front = await door.client.get("/")
    forged = await door.client.post(
        f"/prospects/{own.prospect_id}/accept", data={"csrf_token": "forged"}
    )
    accepted = await door.client.post(
        f"/prospects/{own.prospect_id}/accept", data={"csrf_token": token}
    )

    assert front.text.count("ines@example.test") == 1
    assert forged.status_code == 403
    assert (accepted.status_code, accepted.headers["location"]) == (303, "/")
    assert (await door.office.prospect(own.prospect_id))["state"] == "accepted"


async def test_who_may_not_see_people_sees_them_masked(door: Door) -> None:
    await door.office.team(1)
    await offered(door)
    await door.sign_in("mark@example.test", "marketing")

    front = await door.client.get("/")

    assert front.status_code == 200
    assert "ines@example.test" not in front.text
    assert "Invented" not in front.text.partition("<main")[2]


async def test_a_page_is_for_who_is_signed_in(door: Door) -> None:
    answer = await door.client.get("/")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2F")
