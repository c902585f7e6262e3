"""Vendors' hooks: verified over the raw bytes, taken once, kept when they can't be, never lost."""

import orjson
import pytest

from marketing_intake.handlers.hooks import SAMPLE_BYTES_MAX, STRAYS_MAX
from support.hook_sender import SECRET, a_hook, a_response, post_hook, signed, taken_by_hook
from support.intake_door import IntakeDoor, MadeSource, open_intake


async def test_what_a_vendor_sends_becomes_a_lead(intake: IntakeDoor) -> None:
    hook = await a_hook(intake)

    counts = await taken_by_hook(intake, hook, a_response())

    assert counts == {"taken": 1}
    (row,) = await intake.opened.fetch(
        "select p.status, p.component, p.component_version, p.contract_version, l.channel"
        " from payloads p join leads l on l.id = p.id"
    )
    assert row["component"] == "typeform"
    assert (row["contract_version"], row["channel"]) == (1, "social")
    assert await intake.unaccounted() == 0


async def test_the_same_event_again_is_nothing_new(intake: IntakeDoor) -> None:
    hook = await a_hook(intake)
    await taken_by_hook(intake, hook, a_response())

    again = await taken_by_hook(intake, hook, a_response())
    resent_otherwise = await taken_by_hook(intake, hook, a_response() | {"event_id": "other"})

    assert (again, resent_otherwise) == ({"repeated": 1}, {"repeated": 1})
    assert await intake.count("leads") == 1
    assert await intake.unaccounted() == 0


async def test_another_sources_event_of_the_same_id_is_new(intake: IntakeDoor) -> None:
    first, second = await a_hook(intake), await a_hook(intake, "other tool")
    await taken_by_hook(intake, first, a_response())

    assert await taken_by_hook(intake, second, a_response()) == {"taken": 1}


@pytest.mark.parametrize("headers", [
    {"typeform-signature": ""},
    {"typeform-signature": "sha256=AAAA"},
    {"typeform-signature": "sha256=not base64"},
    {"typeform-signature": "md5=AAAA"},
])  # fmt: skip
async def test_what_is_not_signed_is_nobodys_and_a_sample_is_kept(
    intake: IntakeDoor, headers: dict[str, str]
) -> None:
    hook = await a_hook(intake)

    answer = await post_hook(intake, hook, a_response(), **headers)

    assert answer.status_code == 401
    assert answer.json()["detail"] == "the request can't be verified as this source's"
    (stray,) = await intake.opened.fetch("select source_id, component, sample from strays")
    assert (stray["source_id"], stray["component"]) == (hook.id, "typeform")
    assert b"ada@example.org" in stray["sample"]
    assert (await intake.count("leads"), await intake.count("payloads")) == (0, 0)


async def test_a_body_changed_by_one_byte_is_not_verified(intake: IntakeDoor) -> None:
    hook = await a_hook(intake)
    body = orjson.dumps(a_response())

    answer = await post_hook(intake, hook, body + b" ", **signed(body))

    assert answer.status_code == 401


async def test_strays_are_capped(intake: IntakeDoor) -> None:
    hook, other = await a_hook(intake), await a_hook(intake, "other tool")
    large = a_response() | {"x": "y" * 5000}

    for _ in range(STRAYS_MAX + 5):
        await post_hook(intake, hook, large, secret="wrong-wrong")
    await post_hook(intake, other, large, secret="wrong-wrong")

    assert await intake.count("strays") == STRAYS_MAX + 1
    (longest,) = await intake.opened.fetch("select max(length(sample)) as bytes from strays")
    assert longest["bytes"] == SAMPLE_BYTES_MAX


@pytest.mark.parametrize("body", [b"", b"not json", b"[1]", b'{"event_type":"form_response"}'])
async def test_what_can_not_be_read_is_kept_and_not_asked_for_again(
    intake: IntakeDoor, body: bytes
) -> None:
    hook = await a_hook(intake)

    first = await taken_by_hook(intake, hook, body)
    again = await taken_by_hook(intake, hook, body)

    assert (first, again) == ({"refused": 1}, {"repeated": 1})
    (row,) = await intake.opened.fetch("select failure, component, body from payloads")
    assert (row["failure"], row["component"], row["body"]) == ("format", "typeform", body)
    assert await intake.unaccounted() == 0


async def test_a_lead_without_what_is_needed_fails_as_mapping(intake: IntakeDoor) -> None:
    hook = await a_hook(intake)
    response = a_response()
    response["form_response"]["answers"].pop(0)

    assert await taken_by_hook(intake, hook, response) == {"refused": 1}
    (row,) = await intake.opened.fetch("select failure, field from payloads")
    assert (row["failure"], row["field"]) == ("mapping", "email")


async def test_what_is_no_lead_is_kept_as_ignored(intake: IntakeDoor) -> None:
    hook = await a_hook(intake)

    counts = await taken_by_hook(intake, hook, {"event_type": "form_viewed", "event_id": "e"})

    assert counts == {"ignored": 1}
    assert await intake.unaccounted() == 0


async def test_more_than_the_vendor_ever_sends_is_turned_away(intake: IntakeDoor) -> None:
    hook = await a_hook(intake)

    answer = await post_hook(intake, hook, b"x" * (4 * 1024 * 1024 + 1))

    assert answer.status_code == 413
    (stray,) = await intake.opened.fetch("select reason, body_bytes from strays")
    assert (stray["reason"], stray["body_bytes"]) == ("too large", 4 * 1024 * 1024 + 1)


async def test_a_hook_that_is_none_is_not_found(intake: IntakeDoor, shop: MadeSource) -> None:
    hook = await a_hook(intake)

    for path in (
        f"/hooks/{shop.id}/typeform",
        f"/hooks/{hook.id}/nobody",
        "/hooks/01900000-0000-7000-8000-000000000001/typeform",
    ):
        assert (await intake.client.post(path, content=b"{}")).status_code == 404


async def test_a_closed_source_takes_nothing(intake: IntakeDoor) -> None:
    hook = await a_hook(intake)
    await intake.client.patch(
        f"/v1/sources/{hook.id}", json={"is_active": False}, headers=intake.admin
    )

    assert (await post_hook(intake, hook, a_response())).status_code == 403


async def test_a_vendor_that_does_not_shake_hands_is_told_so(intake: IntakeDoor) -> None:
    hook = await a_hook(intake)

    for method in ("GET", "OPTIONS"):
        answer = await intake.client.request(method, f"/hooks/{hook.id}/typeform")
        assert answer.status_code == 405


async def test_a_secret_that_can_not_be_opened_makes_vendors_come_again(
    intake: IntakeDoor, url: str
) -> None:
    hook = await a_hook(intake)

    async with open_intake(url, secret="o" * 40) as changed:
        answer = await post_hook(changed, hook, a_response())
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")

    async with open_intake(url, secret="o" * 40, secret_previous="s" * 40) as told:
        assert await taken_by_hook(told, hook, a_response()) == {"taken": 1}


async def test_no_secret_is_kept_or_shown_in_clear(intake: IntakeDoor) -> None:
    hook = await a_hook(intake, config={"verify_token": "a-token-of-ours", "form": "f"})

    shown = await intake.get(f"/v1/sources/{hook.id}")
    (row,) = await intake.opened.fetch(
        "select s::text as source from sources s where id = $1", hook.id
    )
    (audit,) = await intake.opened.fetch("select string_agg(a::text, ' ') as text from audit_log a")

    for text in (shown.text, row["source"], audit["text"]):
        assert SECRET not in text
        assert "a-token-of-ours" not in text
        assert SECRET.encode().hex() not in text
    assert shown.json()["contract"]["config"] == {"verify_token": "(sealed)", "form": "f"}
