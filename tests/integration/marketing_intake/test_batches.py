"""Many leads at once: good ones are taken when others are bad, and each has its answer."""

from typing import Any

import httpx
import orjson
import pytest

from support.intake_door import ADA, IntakeDoor, MadeSource

MIBIBYTE = 1024 * 1024
NDJSON = "application/x-ndjson"


async def send(
    intake: IntakeDoor, shop: MadeSource, content: bytes, type_: str = "application/json"
) -> httpx.Response:
    """Send a batch's bytes."""
    headers = shop.headers | {"content-type": type_}
    return await intake.client.post("/v1/leads/batch", content=content, headers=headers)


def people(count: int) -> list[dict[str, Any]]:
    """So many leads of different people."""
    return [{"email": f"ada{n}@example.org"} for n in range(count)]


async def test_each_item_has_its_answer_in_order(intake: IntakeDoor, shop: MadeSource) -> None:
    items = [ADA, {"email": "nobody"}, 7, {"phone": "+12025550123"}, {"occurred_at": "soon"}]

    answer = (await send(intake, shop, orjson.dumps(items))).json()

    assert (answer["taken"], answer["refused"]) == (2, 3)
    assert [item["index"] for item in answer["items"]] == [0, 1, 2, 3, 4]
    assert [item["status"] for item in answer["items"]] == [202, 422, 422, 202, 422]
    assert answer["items"][1]["field"] == "email"
    assert answer["items"][4]["field"] == "occurred_at"
    assert await intake.unaccounted() == 0


async def test_lines_are_taken_like_an_array(intake: IntakeDoor, shop: MadeSource) -> None:
    lines = [orjson.dumps(ADA), b"", b"{broken", orjson.dumps({"external_id": "4711"}), b""]

    answer = (await send(intake, shop, b"\r\n".join(lines), NDJSON)).json()

    assert [item["status"] for item in answer["items"]] == [202, 400, 202]


async def test_the_same_new_email_twice_in_a_batch_is_one_person(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    phone = {"phone": "+12025550123", "family_name": "Invented"}
    items = [ADA, {"email": "ADA@example.org", **phone}, phone]

    answer = (await send(intake, shop, orjson.dumps(items))).json()

    assert len({item["person_id"] for item in answer["items"]}) == 1
    assert await intake.count("people") == 1


async def test_two_known_people_who_share_a_new_phone_stay_two(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    known = [await intake.taken(shop, email=f"{name}@example.org") for name in ("ada", "bob")]
    shared = {"phone": "+12025550123", "family_name": "Invented"}
    items = [{"email": f"{name}@example.org", **shared} for name in ("ada", "bob")]

    answer = (await send(intake, shop, orjson.dumps(items))).json()

    expected = [one["person_id"] for one in known]
    assert [item["person_id"] for item in answer["items"]] == expected


async def test_a_thousand_leads_are_a_batch(intake: IntakeDoor, shop: MadeSource) -> None:
    answer = await send(intake, shop, orjson.dumps(people(1000)))

    assert (answer.status_code, answer.json()["taken"]) == (200, 1000)
    assert await intake.count("leads") == 1000
    assert await intake.unaccounted() == 0


@pytest.mark.parametrize("count", [0, 1001])
async def test_a_batch_has_a_size(intake: IntakeDoor, shop: MadeSource, count: int) -> None:
    answer = await send(intake, shop, orjson.dumps(people(count)))

    assert answer.status_code == 422
    assert answer.json()["detail"] == "a batch must have 1 to 1000 leads"
    assert await intake.count("leads") == 0


async def test_a_batch_of_more_than_four_mebibytes_is_too_large(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    answer = await send(intake, shop, b"[" + b" " * 4 * MIBIBYTE + b"]")

    assert (answer.status_code, answer.json()["status"]) == (413, 413)
    assert await intake.count("payloads") == 0


@pytest.mark.parametrize("body", [b"", b"{}", b"[1", b"\xff\xfe", b"null", b"[" * 100_000])
async def test_what_is_no_array_is_refused(
    intake: IntakeDoor, shop: MadeSource, body: bytes
) -> None:
    answer = await send(intake, shop, body)

    assert answer.status_code in {400, 415, 422}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_item_that_is_too_large_is_refused_alone(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    items = [ADA, ADA | {"note": "x" * 300 * 1024}]

    answer = (await send(intake, shop, orjson.dumps(items))).json()

    assert [item["status"] for item in answer["items"]] == [202, 413]
