"""Bad answers of reps and CRMs: each field says what it expected, and nothing changes."""

from typing import Any

import orjson
import pytest

from baton.ids import new_id
from integration.http.conftest import Doors
from support.databases import MakeTransactions, Templates
from support.problems import MARK, assert_problem, pointers
from support.prospects import card, qualified
from support.sales_door import open_door
from support.sales_office import open_office

PROSPECT = "/v1/prospects/0199aaaa-0000-7000-8000-000000000000"
WON: dict[str, Any] = {
    "deal_id": "D-1",
    "outcome": "won",
    "amount": "1250.50",
    "currency": "EUR",
    "closed_at": "2026-05-03T12:00:00Z",
}
REP = {"rep_id": new_id()}
CASES: list[tuple[str, dict[str, Any], str]] = [
    (f"POST {PROSPECT}/accept", {}, "#/rep_id"),
    (f"POST {PROSPECT}/accept", {"rep_id": MARK}, "#/rep_id"),
    (f"POST {PROSPECT}/accept", {"rep_id": "\0"}, "#/rep_id"),
    (f"POST {PROSPECT}/accept", REP | {"colour": MARK}, "#/colour"),
    (f"POST {PROSPECT}/decline", REP | {"reason": MARK}, "#/reason"),
    (f"POST {PROSPECT}/decline", REP, "#/reason"),
    (f"POST {PROSPECT}/progress", {"stage": MARK}, "#/stage"),
    (f"POST {PROSPECT}/outcome", WON | {"outcome": MARK}, "#/outcome"),
    (f"POST {PROSPECT}/outcome", WON | {"amount": "-0.01"}, "#/amount"),
    (f"POST {PROSPECT}/outcome", WON | {"amount": "1e999999"}, "#/amount"),
    (f"POST {PROSPECT}/outcome", WON | {"amount": "0.00001"}, "#/amount"),
    (f"POST {PROSPECT}/outcome", WON | {"deal_id": ""}, "#/deal_id"),
    (f"POST {PROSPECT}/outcome", WON | {"deal_id": "a\0b"}, "#/deal_id"),
    (f"POST {PROSPECT}/outcome", WON | {"version": 2**31}, "#/version"),
    (f"POST {PROSPECT}/outcome", WON | {"version": "one"}, "#/version"),
    (f"POST {PROSPECT}/outcome", WON | {"closed_at": MARK}, "#/closed_at"),
    (f"POST {PROSPECT}/outcome", WON | {"outcome": "lost"}, "#/amount"),
    ("POST /v1/reps", {"name": "Rosa", "weight": "NaN"}, "#/weight"),
    ("POST /v1/reps", {"name": "Rosa", "weight": -1}, "#/weight"),
    ("POST /v1/reps", {"name": "x" * 501}, "#/name"),
]


@pytest.mark.parametrize(("door", "body", "pointer"), CASES)
async def test_each_field_says_what_it_expected(
    doors: Doors, door: str, body: dict[str, Any], pointer: str
) -> None:
    answer = await doors.send("routing", door, orjson.dumps(body))

    assert_problem(answer, 422)
    assert pointers(answer) == [pointer]


async def test_an_accept_after_the_deadline_is_told_that_it_is_over(
    make_transactions: MakeTransactions, templates: Templates
) -> None:
    url = await templates.copy("sales_routing")
    office = await open_office(make_transactions, url)
    door = await open_door(office, url)
    (rep,) = await office.team(1)
    lead = qualified()
    await office.hear(card(lead.person_id))
    await office.hear(lead)

    await office.live(seconds=599)
    office.clock.advance(seconds=2)
    answer = await door.post(f"/v1/prospects/{lead.prospect_id}/accept", {"rep_id": rep.id})
    await door.client.aclose()
    await door.service.disconnect()

    assert_problem(answer, 409)
    assert (await office.prospect(lead.prospect_id))["state"] != "accepted"


@pytest.mark.parametrize(
    "policy",
    [
        {"name": "\0"},
        {"name": "x", "line": {"points": "many"}},
        {"name": "x", "line": {"points": 1e400}},
        {"name": "x", "rules": [{"id": "a", "points": 1, "when": {"field": MARK}}]},
        {"name": "x", "line": None},
        {"name": "x", "rules": {}},
    ],
)
async def test_a_bad_policy_is_refused_by_field(doors: Doors, policy: dict[str, Any]) -> None:
    content = orjson.dumps(policy).replace(b'"points":null', b'"points":1e400')

    answer = await doors.send("scoring", "POST /v1/policies", content)

    assert_problem(answer, 422)
    assert pointers(answer)


@pytest.mark.parametrize("version", ["0", "-1", "2147483648", "7", "x", "1.5"])
async def test_a_policy_that_is_not_there_can_not_be_published(doors: Doors, version: str) -> None:
    answer = await doors.send("scoring", f"POST /v1/policies/{version}/publish", b"")

    assert_problem(answer, 404, 422)
