"""What failed is listed by its kind, and shown masked to who may not know whose it is."""

from typing import Any

from support.failing import failed
from support.hook_sender import a_hook, a_response, post_hook, taken_by_hook
from support.intake_door import IntakeDoor, MadeSource


async def test_what_failed_is_listed_by_kind_source_and_component(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    hook = await a_hook(intake)
    await intake.send(shop, {"email": "nobody"})
    await taken_by_hook(intake, hook, b"not json")
    await post_hook(intake, hook, a_response(), secret="wrong-wrong")
    await intake.taken(shop)

    everything = await failed(intake)

    assert [one["failure"] for one in everything] == ["signature", "format", "schema"]
    assert [one["component"] for one in everything] == ["typeform", "typeform", "lead-json"]
    by_kind = await failed(intake, failure="signature")
    assert [one["item"] for one in by_kind] == ["stray"]
    assert len(await failed(intake, source_id=shop.id)) == 1
    assert len(await failed(intake, component="typeform")) == 2
    assert await failed(intake, since="2026-05-05T00:00:00Z") == []
    assert (await intake.get("/v1/failed", failure="bad luck")).status_code == 422


async def test_pages_of_what_failed_show_each_once(intake: IntakeDoor, shop: MadeSource) -> None:
    hook = await a_hook(intake)
    for number in range(3):
        await intake.send(shop, {"email": "nobody", "n": number})
        await post_hook(intake, hook, a_response(str(number)), secret="wrong-wrong")

    seen: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        page = (await intake.get("/v1/failed", **query)).json()
        seen += [item["failed_id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]

    assert len(seen) == len(set(seen)) == 6


async def test_what_failed_is_masked_for_who_may_not_know_whose_it_is(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await intake.send(shop, {"email": "nobody", "name": "Ada", "ada@example.org": 1})
    (item,) = await failed(intake)
    path = f"/v1/failed/{item['failed_id']}"

    masked = await intake.client.get(path, headers=await intake.opened.key("leads:read"))
    clear = await intake.get(path)

    assert masked.json()["body"] == '{"email":"…","name":"…","…":"…"}'
    assert masked.json()["is_masked"] is True
    assert "Ada" in clear.json()["body"]
