"""What failed is mended and replayed, once, alone or a filter's worth, or it is given up."""

import asyncio
from typing import Any

import httpx
import orjson

from support.failing import failed
from support.hook_sender import a_hook, a_response, post_hook, taken_by_hook
from support.intake_door import ADA, IntakeDoor, MadeSource

UNMAPPED = {"your-mail": "ada@example.org", "company": "Crumpet & Sons"}


async def replay(intake: IntakeDoor, failed_id: str, body: object = None) -> httpx.Response:
    """Replay one, with a mended body or without."""
    content = b"" if body is None else orjson.dumps(body)
    headers = intake.admin | {"content-type": "application/json"}
    return await intake.client.post(
        f"/v1/failed/{failed_id}/replay", content=content, headers=headers
    )


async def map_mail(intake: IntakeDoor, source: MadeSource) -> None:
    """Agree that the source calls an e-mail address otherwise."""
    terms = {"field_map": {"your-mail": "email"}}
    await intake.client.patch(f"/v1/sources/{source.id}", json=terms, headers=intake.admin)
    intake.clock.advance(seconds=10)


async def test_a_lead_is_replayed_once_its_source_is_understood(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await intake.send(shop, UNMAPPED)
    (item,) = await failed(intake)
    still = await replay(intake, item["failed_id"])
    await map_mail(intake, shop)

    replayed = await replay(intake, item["failed_id"])
    again = await replay(intake, item["failed_id"])

    assert (still.status_code, replayed.status_code, again.status_code) == (422, 200, 409)
    assert replayed.json()["outcomes"]["taken"] == 1
    (lead,) = await intake.opened.fetch("select id, contract_version from leads")
    assert (lead["id"], lead["contract_version"]) == (replayed.json()["became"], 2)
    assert await failed(intake) == []
    assert await intake.count("payloads") == 2
    assert await intake.unaccounted() == 0


async def test_a_lead_that_is_replayed_happened_when_it_came(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await intake.send(shop, UNMAPPED)
    (item,) = await failed(intake)
    intake.clock.advance(seconds=7200)
    await map_mail(intake, shop)

    await replay(intake, item["failed_id"])

    (lead,) = await intake.opened.fetch("select happened_at from leads")
    assert lead["happened_at"].hour == 12


async def test_a_replay_that_fails_again_says_why_now_and_adds_nothing(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await intake.send(shop, UNMAPPED | {"email": "nobody"})
    (item,) = await failed(intake)
    terms = {"defaults": {"country": "DE"}, "fields": ["company"]}
    await intake.client.patch(f"/v1/sources/{shop.id}", json=terms, headers=intake.admin)
    intake.clock.advance(seconds=10)

    await replay(intake, item["failed_id"])

    (now,) = await failed(intake)
    assert item["detail"] == "must be an e-mail address"
    assert (now["failed_id"], now["contract_version"]) == (item["failed_id"], 2)
    assert now["detail"] == "email, phone or external_id is needed"
    assert await intake.unaccounted() == 0


async def test_a_mended_body_is_taken_in_place_of_the_kept_one(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await intake.send(shop, {"email": "nobody"})
    (item,) = await failed(intake)

    worse = await replay(intake, item["failed_id"], {"email": "still nobody"})
    better = await replay(intake, item["failed_id"], ADA)

    assert (worse.status_code, better.status_code) == (422, 200)
    assert worse.json()["errors"][0]["pointer"] == "#/email"
    assert await intake.count("leads") == 1


async def test_a_payload_replayed_many_times_at_once_becomes_one_lead(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await intake.send(shop, UNMAPPED)
    (item,) = await failed(intake)
    await map_mail(intake, shop)

    answers = await asyncio.gather(*[replay(intake, item["failed_id"]) for _ in range(5)])

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    assert await intake.count("leads") == 1
    assert await intake.unaccounted() == 0


async def test_a_vendors_event_that_was_mended_is_known_when_it_comes_again(
    intake: IntakeDoor,
) -> None:
    hook = await a_hook(intake)
    response = a_response()
    response["form_response"]["answers"] = [
        {"type": "text", "text": "ada@example.org", "field": {"ref": "your-mail"}}
    ]
    await taken_by_hook(intake, hook, response)
    (item,) = await failed(intake)
    await map_mail(intake, hook)

    assert (await replay(intake, item["failed_id"])).status_code == 200
    assert await taken_by_hook(intake, hook, response) == {"repeated": 1}
    (answer,) = await intake.opened.fetch("select body from idempotency")
    assert b"lead_id" in answer["body"]
    assert await intake.count("leads") == 1
    assert await intake.unaccounted() == 0


async def test_a_vendors_broken_body_is_mended_whole(intake: IntakeDoor) -> None:
    hook = await a_hook(intake)
    await taken_by_hook(intake, hook, b'{"event_type": "form_response",')
    (item,) = await failed(intake)

    answer = await replay(intake, item["failed_id"], a_response())

    assert answer.json()["outcomes"]["taken"] == 1
    (row,) = await intake.opened.fetch("select component from payloads where status = 'taken'")
    assert row["component"] == "typeform"


async def test_an_activity_is_replayed(intake: IntakeDoor, shop: MadeSource) -> None:
    bad = {"kind": "thought_of", "email": ADA["email"], "id": "e-1"}
    await intake.client.post("/v1/activities", json=bad, headers=shop.headers)
    (item,) = await failed(intake)

    answer = await replay(intake, item["failed_id"], bad | {"kind": "page_viewed"})

    assert answer.json()["outcomes"]["recorded"] == 1
    assert await intake.count("activities") == 1


async def test_a_filters_worth_is_replayed_in_bounded_steps(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    for number in range(5):
        await intake.send(shop, UNMAPPED | {"n": number})
    await intake.send(shop, {"email": "nobody"})
    await map_mail(intake, shop)

    totals = {"replayed": 0, "refused": 0, "skipped": 0}
    form: dict[str, Any] = {"source_id": shop.id, "limit": 4}
    steps = 0
    while True:
        answer = await intake.client.post("/v1/failed/replay", json=form, headers=intake.admin)
        assert answer.status_code == 200, answer.text
        steps += 1
        totals = {name: totals[name] + answer.json()[name] for name in totals}
        form["cursor"] = answer.json()["next_cursor"]
        if form["cursor"] is None:
            break

    assert (totals, steps) == ({"replayed": 5, "refused": 1, "skipped": 0}, 2)
    assert await intake.count("leads") == 5
    assert len(await failed(intake)) == 1
    assert await intake.unaccounted() == 0


async def test_what_is_given_up_is_not_listed_and_the_reason_is_kept(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    hook = await a_hook(intake)
    refused = await intake.send(shop, {"email": "nobody"})
    stray = await post_hook(intake, hook, a_response(), secret="wrong-wrong")
    assert (refused.status_code, stray.status_code) == (422, 401)

    items = await failed(intake)
    assert sorted(item["item"] for item in items) == ["payload", "stray"]
    for item in items:
        answer = await intake.client.post(
            f"/v1/failed/{item['failed_id']}/discard",
            json={"why": "somebody tried it out"},
            headers=intake.admin,
        )
        assert answer.status_code == 204
        again = await replay(intake, item["failed_id"])
        assert again.status_code == (404 if item["item"] == "stray" else 409)

    assert await failed(intake) == []
    rows = await intake.opened.fetch("select new from audit_log where what = 'payload discarded'")
    assert [row["new"]["why"] for row in rows] == ["somebody tried it out"] * 2
    assert await intake.unaccounted() == 0


async def test_a_source_may_not_mend_for_others(intake: IntakeDoor, shop: MadeSource) -> None:
    await intake.send(shop, {"email": "nobody"})
    (item,) = await failed(intake)

    answer = await intake.client.post(
        f"/v1/failed/{item['failed_id']}/replay", headers=shop.headers
    )

    assert answer.status_code == 403


async def test_what_nothing_reads_by_itself_is_mended_by_a_lead(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await intake.send(shop, {"email": "nobody"})
    await intake.opened.execute("update payloads set component = 'import-csv'")
    (item,) = await failed(intake)

    as_it_came = await replay(intake, item["failed_id"])
    mended = await replay(intake, item["failed_id"], ADA)

    assert (as_it_came.status_code, mended.status_code) == (409, 200)
