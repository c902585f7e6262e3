"""The door that takes policies: JSON or TOML, and what is wrong is named with its place."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from lead_scoring.__main__ import parts_of
from lead_scoring.repository.schema import FILE
from lead_scoring.settings import ScoringSettings
from support.databases import Templates
from support.open_services import OpenService, open_service, plain_settings

TOML = """
name = "Spring"

[engagement]
maximum = 60
decay = {percent = 10, every_days = 7}

[[rules]]
id = "asked_for_demo"
group = "engagement"
points = 20
text = "asked for a demo"
activities = ["demo_requested"]
within_days = 30
times_max = 2

[bands]
fit = {A = 30, B = 10}
engagement = {1 = 30, 2 = 10}

[line]
points = 30
again_after_days = 90

[[rules]]
id = "large"
group = "fit"
points = 30
text = "a large company"
when = [{attribute = "trait:size", any_of = ["200-500"]}]
"""


@pytest_asyncio.fixture(scope="module")
async def door(templates: Templates) -> AsyncIterator[OpenService]:
    """The service's door."""
    url = await templates.copy("lead_scoring")
    async with open_service(parts_of(ScoringSettings.model_validate(plain_settings(url)))) as one:
        yield one


async def test_a_policy_is_taken_as_toml_and_given_out_as_it_is_kept(door: OpenService) -> None:
    headers = await door.key("policies:admin")
    toml = {**headers, "content-type": "application/toml; charset=utf-8"}

    answer = await door.client.post("/v1/policies", content=TOML, headers=toml)
    again = await door.client.post("/v1/policies", json=answer.json()["document"], headers=headers)

    assert answer.status_code == again.status_code == 201
    assert answer.json()["document"] == again.json()["document"]
    assert answer.json()["document"]["bands"]["engagement"] == {"1": 30, "2": 10}


async def test_the_schema_is_given_out_as_it_is_published(door: OpenService) -> None:
    answer = await door.client.get("/v1/policies/schema", headers=await door.key("policies:admin"))

    assert answer.json() == json.loads(FILE.read_text())


@pytest.mark.parametrize(
    ("before", "after", "pointer"),
    [
        ("points = 20", "points = 20\npoint = 3", "#/rules/0/point"),
        ("within_days = 30", "within_days = 30\nbefore_days = 40", "#/rules/0/before_days"),
        ("B = 10", "B = 31", "#/bands/fit/A"),
        ("[line]\npoints = 30", "[line]\npoints = 71", "#/line/points"),
        ('["200-500"]', "[]", "#/rules/1/when/0"),
        ('id = "large"', 'id = "asked_for_demo"', "#/rules/1/id"),
    ],
)
async def test_what_is_wrong_is_named_with_its_place(
    door: OpenService, before: str, after: str, pointer: str
) -> None:
    headers = {**await door.key("policies:admin"), "content-type": "application/toml"}
    assert before in TOML

    answer = await door.client.post(
        "/v1/policies", content=TOML.replace(before, after, 1), headers=headers
    )

    assert answer.status_code == 422
    assert any(one["pointer"].startswith(pointer) for one in answer.json()["errors"])


@pytest.mark.parametrize("body", [b"name = ", b"\xff", b"n = 99999999999999999999999"])
async def test_what_is_no_toml_is_refused(door: OpenService, body: bytes) -> None:
    headers = {**await door.key("policies:admin"), "content-type": "application/toml"}

    answer = await door.client.post("/v1/policies", content=body, headers=headers)

    assert answer.status_code == 422
