"""Bad leads of a known source: a problem that names the field, and the payload kept and listed."""

import re

import orjson
import pytest

from baton.auth import api_keys
from baton.ids import new_id
from integration.http.conftest import Doors
from support.problems import MARK, assert_problem, pointers

LEAD: dict[str, object] = {"email": "ada@example.org"}
FUTURE = "2999-01-01T00:00:00Z"
KIBIBYTE = 1024
FIELDS: list[tuple[dict[str, object], str, str]] = [
    ({"email": MARK}, "#/email", "e-mail address"),
    ({"email": 7}, "#/email", "string"),
    ({"email": ["ada@example.org"]}, "#/email", "string"),
    ({"email": "a" * 400 + "@example.org"}, "#/email", "320"),
    ({"email": "ada\0@example.org"}, "#/email", "NUL"),
    ({"email": None, "message": MARK}, "#/email", "is needed"),
    ({"email": None, "phone": "12"}, "#/phone", "phone number"),
    ({"email": None, "external_id": ""}, "#/email", "is needed"),
    ({"given_name": "A\0da"}, "#/given_name", "NUL"),
    ({"given_name": "a" * 201}, "#/given_name", "200"),
    ({"message": "a" * 10_001}, "#/message", "10000"),
    ({"message": {"a": 1}}, "#/message", "string"),
    ({"country": "Germany"}, "#/country", "pattern"),
    ({"channel": "pigeon"}, "#/channel", "'email'"),
    ({"consent": ["everything"]}, "#/consent/0", "'contact'"),
    ({"consent": "contact"}, "#/consent", "array"),
    ({"traits": {"a": [1]}}, "#/traits/a", "must be a text"),
    ({"traits": {f"t{n}": 1 for n in range(51)}}, "#/traits", "50"),
    ({"occurred_at": FUTURE}, "#/occurred_at", "future"),
    ({"occurred_at": "2026-05-04T12:00:00"}, "#/occurred_at", "time zone"),
    ({"occurred_at": MARK}, "#/occurred_at", "datetime"),
    ({"is_test": MARK}, "#/is_test", "boolean"),
]
WHOLE = {
    "half an object": (b'{"email": "ada@example.org"', 400),
    "a lone surrogate": (b'{"email": "ada@example.org", "message": "\\ud800"}', 400),
    "a lone surrogate as a name": (b'{"email": "ada@example.org", "\\udfff": 1}', 400),
    "10,000 further fields": (orjson.dumps(LEAD | {f"f{n}": n for n in range(10_000)}), 422),
    "a NUL in a further field": (orjson.dumps(LEAD | {"colour": "re\0d"}), 422),
    "a NUL deep inside": (orjson.dumps(LEAD | {"a": [{"b": ["c\0"]}]}), 422),
    "300 KiB": (orjson.dumps(LEAD | {"note": "x" * 300 * KIBIBYTE}), 413),
    "10,000 deep": (b'{"email": "ada@example.org", "a": ' + b"[" * 10_000, 400),
    "an array": (orjson.dumps([LEAD]), 422),
}


async def test_each_field_says_what_it_expected_and_the_payload_is_kept(doors: Doors) -> None:
    for fields, pointer, expected in FIELDS:
        answer = await doors.send("leads", "POST /v1/leads", orjson.dumps(LEAD | fields))

        assert_problem(answer, 422)
        assert pointers(answer) == [pointer]
        assert expected in answer.json()["detail"], answer.text
        await assert_kept(doors, answer.json()["instance"], orjson.dumps(LEAD | fields))


@pytest.mark.parametrize("what", sorted(WHOLE))
async def test_a_body_that_is_bad_as_a_whole_is_kept_too(doors: Doors, what: str) -> None:
    content, status = WHOLE[what]

    answer = await doors.send("leads", "POST /v1/leads", content)

    assert_problem(answer, status)
    await assert_kept(doors, answer.json()["instance"], content)


async def assert_kept(doors: Doors, instance: str, content: bytes) -> None:
    """The payload stands where the problem says, byte for byte, and is the latest of the list."""
    assert re.fullmatch(r"/v1/payloads/[0-9a-f-]{36}", instance)
    intake = doors.services["intake"]
    payload_id = instance.rsplit("/", 1)[1]
    (row,) = await intake.fetch("select body, status from payloads where id = $1", payload_id)
    listed = await intake.client.get(
        "/v1/payloads", params={"limit": 1}, headers=doors.keys["intake"]
    )
    shown = await intake.client.get(instance, headers=doors.keys["intake"])
    assert (row["body"], row["status"]) == (content, "refused")
    assert listed.json()["items"][0]["payload_id"] == payload_id
    assert shown.status_code == 200


@pytest.mark.parametrize("depth", [100, 180])
async def test_a_further_field_that_is_nested_deeply_is_refused(doors: Doors, depth: int) -> None:
    content = b'{"email": "ada@example.org", "a": ' + b"[" * depth + b"]" * depth + b"}"

    answer = await doors.send("leads", "POST /v1/leads", content)

    assert_problem(answer, 422)


@pytest.mark.parametrize("key", ["", '""', "k" * 256])
async def test_an_idempotency_key_has_a_length(doors: Doors, key: str) -> None:
    answer = await doors.send(
        "leads", "POST /v1/leads", orjson.dumps(LEAD), **{"idempotency-key": key}
    )

    assert_problem(answer, 422)
    assert pointers(answer) == ["#/Idempotency-Key"]


async def test_a_key_without_a_source_sends_no_leads(doors: Doors) -> None:
    answer = await doors.send("intake", "POST /v1/leads", orjson.dumps(LEAD))

    assert_problem(answer, 403)


async def test_a_revoked_key_opens_nothing_after_seconds(doors: Doors) -> None:
    intake = doors.services["intake"]
    async with intake.service.transactions.begin() as tx:
        text, key_id = await api_keys.create_key(tx, "over", ["leads:read"])
    headers = {"authorization": f"Bearer {text}"}

    revoked = await intake.client.delete(f"/v1/keys/{key_id}", headers=doors.keys["intake"])
    answer = await intake.client.get("/v1/leads", headers=headers)
    again = await intake.client.delete(f"/v1/keys/{key_id}", headers=doors.keys["intake"])

    assert revoked.status_code == 204
    assert_problem(answer, 401)
    assert_problem(again, 404)


@pytest.mark.parametrize(
    ("form", "type_", "status"),
    [
        (b"<lead/>", "application/xml", 415),
        (b"email=ada%40example.org", "text/plain", 400),
        (b'["ada@example.org"]', "application/json", 400),
        (b'{"email": "\\ud800@example.org"}', "application/json", 400),
        (b'{"email": "\\u0000ada@example.org"}', "application/json", 422),
        (b'{"email": ["ada@example.org"]}', "application/json", 422),
        (b'{"a":' * 900 + b"1" + b"}" * 900, "application/json", 422),
        (b'{"a":' * 90 + b"1" + b"}" * 90, "application/json", 422),
        (b'{"message": "' + b"x" * 300 * KIBIBYTE + b'"}', "text/plain", 413),
        (b"email=nobody", "application/x-www-form-urlencoded", 422),
        (b"email=%00", "application/x-www-form-urlencoded", 422),
        (b"email=%ff%fe", "application/x-www-form-urlencoded", 422),
        (b"message=hello", "application/x-www-form-urlencoded", 422),
        (b"&".join(b"f%d=1" % n for n in range(10_000)), "application/x-www-form-urlencoded", 422),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 422),
        (b"--x\r\nbroken", "multipart/form-data", 422),
        (b"email=" + b"x" * 5 * KIBIBYTE * KIBIBYTE, "application/x-www-form-urlencoded", 413),
    ],
)
async def test_a_bad_form_is_a_problem_for_who_asks_for_json(
    doors: Doors, form: bytes, type_: str, status: int
) -> None:
    intake = doors.services["intake"]
    source = {"name": f"form {new_id()}", "kind": "form"}
    made = await intake.client.post("/v1/sources", json=source, headers=doors.keys["intake"])

    answer = await intake.client.post(
        f"/f/{made.json()['form_key']}",
        content=form,
        headers={"content-type": type_, "accept": "application/json"},
    )

    assert_problem(answer, status)


@pytest.mark.parametrize("key", ["form_unknown", "x" * 200, "..%2f", "%00", "\N{SNOWMAN}"])
async def test_an_unknown_form_is_a_problem(doors: Doors, key: str) -> None:
    answer = await doors.services["intake"].client.post(f"/f/{key}", data={"email": MARK})

    assert_problem(answer, 404, 422)
