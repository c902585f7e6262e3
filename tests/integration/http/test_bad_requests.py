"""Bad input at every door with a body: a problem, 4xx, never 500, and nothing is repeated."""

from collections.abc import AsyncIterator

import pytest

from integration.http.conftest import Doors
from support.problems import MARK, assert_problem, pointers

MIBIBYTE = 1024 * 1024
ID = "0199aaaa-0000-7000-8000-000000000000"
PROSPECT = f"/v1/prospects/{ID}"
DOORS = [
    ("leads", "POST /v1/leads"),
    ("leads", "POST /v1/leads/batch"),
    ("intake", "POST /v1/sources"),
    ("intake", f"PATCH /v1/sources/{ID}"),
    ("intake", "POST /v1/campaigns"),
    ("intake", "POST /v1/people/merge"),
    ("intake", "POST /v1/people/unmerge"),
    ("intake", f"POST /v1/people/{ID}/consent"),
    ("intake", "POST /v1/keys"),
    ("scoring", "POST /v1/policies"),
    ("scoring", "POST /v1/keys"),
    ("scoring", "POST /v1/parked/1/discard"),
    ("routing", "POST /v1/reps"),
    ("routing", f"PATCH /v1/reps/{ID}"),
    ("routing", "POST /v1/pools"),
    ("routing", f"PATCH /v1/pools/{ID}"),
    ("routing", "PUT /v1/rules"),
    ("routing", f"POST {PROSPECT}/accept"),
    ("routing", f"POST {PROSPECT}/decline"),
    ("routing", f"POST {PROSPECT}/progress"),
    ("routing", f"POST {PROSPECT}/outcome"),
    ("routing", "POST /v1/prospects/accepts"),
    ("routing", "POST /v1/prospects/outcomes"),
]
UNREADABLE = {
    "nothing": b"",
    "half an object": b'{"name": "' + MARK.encode(),
    "half an array": b"[1,",
    "no JSON": MARK.encode(),
    "no UTF-8": b'{"name": "\xff\xfe"}',
    "a NUL byte": b'{"name": "a\0b"}',
    "a NUL byte outside": b'{"name": "a"}\0',
    "two documents": b"{}{}",
    "100,000 deep": b"[" * 100_000,
    "100,000 deep and closed": b"[" * 100_000 + b"]" * 100_000,
}
UNFIT = {
    "a number": b"7",
    "a text": f'"{MARK}"'.encode(),
    "null": b"null",
    "NaN": b"NaN",
    "a number beyond all": b"1e999999",
    "an empty array": b"[]",
    "100 deep": b'{"a":' * 100 + b"1" + b"}" * 100,
    "10,000 fields": b"{" + b",".join(b'"field%d": 1' % n for n in range(10_000)) + b"}",
}


@pytest.mark.parametrize(("service", "door"), DOORS)
async def test_what_can_not_be_read_is_refused(doors: Doors, service: str, door: str) -> None:
    for content in UNREADABLE.values():
        answer = await doors.send(service, door, content)

        assert_problem(answer, 400, 422)


@pytest.mark.parametrize(("service", "door"), DOORS)
async def test_what_is_of_the_wrong_shape_is_refused(doors: Doors, service: str, door: str) -> None:
    changes = ("PATCH /v1/reps", "PATCH /v1/pools", "PATCH /v1/sources", "PUT /v1/rules")
    optional = door.startswith(changes)

    for content in UNFIT.values():
        answer = await doors.send(service, door, content)

        # What is unknown there and asks for no change is not found, which is a 4xx as well.
        assert_problem(answer, *((404, 422, 400) if optional else (400, 422)))


@pytest.mark.parametrize(("service", "door"), DOORS)
async def test_five_mebibytes_are_too_large(doors: Doors, service: str, door: str) -> None:
    content = b'{"name": "' + b"x" * 5 * MIBIBYTE + b'"}'

    answer = await doors.send(service, door, content)

    assert_problem(answer, 413)


@pytest.mark.parametrize(("service", "door"), DOORS)
async def test_five_mebibytes_that_do_not_say_so_are_too_large(
    doors: Doors, service: str, door: str
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b" " * MIBIBYTE

    method, path = door.split(" ")
    headers = {"content-type": "application/json", **doors.keys[service]}

    answer = await doors.services[service].client.request(
        method, path, content=pieces(), headers=headers
    )

    assert_problem(answer, 413)


@pytest.mark.parametrize(("service", "door"), DOORS)
@pytest.mark.parametrize("type_", ["text/plain", "application/xml", "", "multipart/form-data"])
async def test_another_content_type_is_not_taken(
    doors: Doors, service: str, door: str, type_: str
) -> None:
    answer = await doors.send(service, door, b"{}", **{"content-type": type_})

    assert_problem(answer, 415)


@pytest.mark.parametrize(("service", "door"), DOORS)
@pytest.mark.parametrize("key", ["", "Bearer", f"Bearer {MARK}", f"Basic {MARK}", "Bearer \x7f"])
async def test_nobody_we_know_is_told_so(doors: Doors, service: str, door: str, key: str) -> None:
    answer = await doors.send(service, door, b"{}", authorization=key)

    assert_problem(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("service", "door"), DOORS)
async def test_a_key_that_opens_something_else_is_not_enough(
    doors: Doors, service: str, door: str
) -> None:
    headers = await doors.services[service].key("pii:read")

    answer = await doors.send(service, door, b"{}", **headers)

    assert_problem(answer, 403)


@pytest.mark.parametrize("service", ["intake", "scoring", "routing"])
async def test_a_path_or_method_that_is_not_there_is_a_problem(doors: Doors, service: str) -> None:
    unknown = await doors.send(service, f"GET /v1/{MARK}", b"")
    wrong = await doors.send(service, "DELETE /v1/keys", b"")
    strange = await doors.send(service, "BREW /v1/keys", b"")

    assert_problem(unknown, 404)
    assert_problem(wrong, 405)
    assert_problem(strange, 405)


@pytest.mark.parametrize(
    ("service", "path", "field"),
    [
        ("intake", "/v1/leads", "cursor"),
        ("intake", "/v1/payloads", "cursor"),
        ("scoring", "/v1/policies", "cursor"),
        ("scoring", "/v1/receipts/verify", "cursor"),
        ("routing", "/v1/prospects", "after"),
    ],
)
@pytest.mark.parametrize("cursor", ["x", MARK, "bm90LW91cnM", "%00", "\N{SNOWMAN}", "A" * 501])
async def test_a_stale_cursor_is_refused(
    doors: Doors, service: str, path: str, field: str, cursor: str
) -> None:
    client = doors.services[service].client

    answer = await client.get(path, params={field: cursor}, headers=doors.keys[service])

    assert_problem(answer, 400, 422)
    assert pointers(answer)


async def test_a_cursor_of_another_list_is_refused(doors: Doors) -> None:
    client, key = doors.services["intake"].client, doors.keys["intake"]
    for _ in range(2):
        await doors.send("leads", "POST /v1/leads", b"{}")
    page = await client.get("/v1/payloads", params={"limit": 1}, headers=key)
    cursor = page.json()["next_cursor"]

    answer = await client.get("/v1/leads", params={"cursor": cursor}, headers=key)

    assert_problem(answer, 422)
    assert answer.json()["type"].endswith("stale-cursor")


@pytest.mark.parametrize(
    ("service", "path"),
    [
        ("intake", "/v1/leads/{}"),
        ("intake", "/v1/payloads/{}"),
        ("scoring", "/v1/receipts/{}"),
        ("scoring", "/v1/people/{}/score"),
        ("routing", "/v1/prospects/{}"),
    ],
)
@pytest.mark.parametrize("id_", ["7", MARK, "%00", "..%2f..", "\N{SNOWMAN}" * 36])
async def test_an_id_that_is_none_is_refused_by_name(
    doors: Doors, service: str, path: str, id_: str
) -> None:
    client = doors.services[service].client

    answer = await client.get(path.format(id_), headers=doors.keys[service])

    assert_problem(answer, 404, 422)


@pytest.mark.parametrize("service", ["intake", "scoring", "routing"])
@pytest.mark.parametrize("id_", ["0", "-1", "9223372036854775808", "1e3", MARK])
async def test_a_parked_message_that_can_not_be_is_refused(
    doors: Doors, service: str, id_: str
) -> None:
    client = doors.services[service].client

    answer = await client.get(f"/v1/parked/{id_}", headers=doors.keys[service])

    assert_problem(answer, 404, 422)
