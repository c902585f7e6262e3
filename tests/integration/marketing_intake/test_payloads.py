"""Payloads are kept, valid or not: what was refused is listed, found, mended and sent again."""

import asyncio
import re

from support.intake_door import ADA, IntakeDoor, MadeSource

BAD = {"email": "nobody", "message": "Do you sell ovens?"}


async def refused(intake: IntakeDoor, shop: MadeSource, lead: object = BAD) -> str:
    """Send a lead that can't be taken; returns where its payload is kept."""
    answer = await intake.send(shop, lead)
    assert answer.status_code == 422
    instance: str = answer.json()["instance"]
    assert re.fullmatch(r"/v1/payloads/[0-9a-f-]{36}", instance)
    return instance


async def test_a_refused_payload_is_kept_listed_and_found(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    place = await refused(intake, shop)

    listed = (await intake.get("/v1/payloads")).json()["items"]
    shown = (await intake.get(place)).json()

    assert [item["payload_id"] for item in listed] == [place.rsplit("/", 1)[1]]
    assert (listed[0]["source"], listed[0]["status"]) == ("web shop", "refused")
    assert (shown["kind"], shown["field"]) == ("invalid", "email")
    assert shown["detail"] == "must be an e-mail address"
    assert '"nobody"' in shown["body"]
    assert await intake.unaccounted() == 0


async def test_a_payload_says_nothing_to_who_may_not_read_personal_data(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    place = await refused(intake, shop)

    shown = await intake.client.get(place, headers=await intake.opened.key("leads:read"))

    assert shown.json()["body"] is None
    assert "nobody" not in shown.text


async def test_a_mended_payload_becomes_a_lead_once(intake: IntakeDoor, shop: MadeSource) -> None:
    place = await refused(intake, shop)
    send = {"url": f"{place}/resend", "json": ADA, "headers": shop.headers}

    mended = await intake.client.post(**send)  # type: ignore[arg-type]  # as one writes it
    again = await intake.client.post(**send)  # type: ignore[arg-type]  # as above

    assert (mended.status_code, again.status_code) == (202, 409)
    shown = (await intake.get(place)).json()
    assert shown["resent_as"] == mended.json()["lead_id"]
    assert await intake.count("leads") == 1


async def test_a_payload_that_is_mended_twice_at_once_becomes_one_lead(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    place = await refused(intake, shop)

    answers = await asyncio.gather(
        *(intake.client.post(f"{place}/resend", json=ADA, headers=shop.headers) for _ in range(4))
    )

    assert {answer.status_code for answer in answers} <= {202, 409}
    assert await intake.count("leads") == 1


async def test_a_mended_payload_may_be_refused_again_and_mended_once_more(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    place = await refused(intake, shop)

    worse = await intake.client.post(f"{place}/resend", json=BAD, headers=shop.headers)
    better = await intake.client.post(f"{place}/resend", json=ADA, headers=shop.headers)

    assert (worse.status_code, better.status_code) == (422, 202)


async def test_a_source_mends_only_what_it_sent(intake: IntakeDoor, shop: MadeSource) -> None:
    place = await refused(intake, shop)
    fair = await intake.source("fair")

    answer = await intake.client.post(f"{place}/resend", json=ADA, headers=fair.headers)

    assert answer.status_code == 404


async def test_pages_of_payloads_and_leads_show_each_once(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    for number in range(5):
        await refused(intake, shop, BAD | {"number": number})
        await intake.taken(shop)

    for path, name in (("/v1/payloads", "payload_id"), ("/v1/leads", "lead_id")):
        seen: list[str] = []
        query: dict[str, object] = {"limit": 2}
        while True:
            page = (await intake.get(path, **query)).json()
            seen += [item[name] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            query["cursor"] = page["next_cursor"]
        assert len(seen) == len(set(seen)) == 5
        assert seen == sorted(seen, reverse=True)


async def test_leads_are_listed_by_state(intake: IntakeDoor, shop: MadeSource) -> None:
    await intake.taken(shop)

    captured = (await intake.get("/v1/leads", state="captured")).json()["items"]
    won = (await intake.get("/v1/leads", state="won")).json()["items"]

    assert (len(captured), len(won)) == (1, 0)
