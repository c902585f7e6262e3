"""The HTTP door of sales-routing: what it takes, what it tells, and how it refuses."""

import asyncio
from typing import Any

import pytest

from baton.ids import new_id
from support.sales_door import Door, offered, statuses

WON = {
    "deal_id": "D-1",
    "version": 1,
    "outcome": "won",
    "amount": "1250.50",
    "currency": "EUR",
    "closed_at": "2026-05-03T12:00:00Z",
}


async def test_a_team_is_made_over_http(door: Door) -> None:
    rep = (await door.post("/v1/reps", {"name": "Rosa Invented", "weight": 2})).json()
    pool = (await door.post("/v1/pools", {"name": "All", "member_ids": [rep["id"]]})).json()
    rule = {"name": "search", "pool_id": pool["id"], "channels": ["paid_search"]}

    rules = await door.client.put(
        "/v1/rules",
        json={"rules": [rule], "fallback_pool_id": pool["id"], "fallback_owner_id": rep["id"]},
        headers=await door.headers(),
    )
    changed = await door.client.patch(
        f"/v1/reps/{rep['id']}", json={"is_available": False}, headers=await door.headers()
    )

    assert rules.json()["version"] == 1
    assert rules.json()["rules"][0]["channels"] == ["paid_search"]
    assert (changed.json()["is_available"], changed.json()["weight"]) == (False, 2)
    audited = await door.office.fetch("select what from audit_log order by at, id")
    assert [row["what"] for row in audited][-4:] == [
        "rep created",
        "pool created",
        "rules changed",
        "rep changed",
    ]
    log = await door.office.fetch("select number, kind from decisions order by number")
    assert [(row["number"], row["kind"]) for row in log] == [
        (1, "rules"),
        (2, "roster"),
        (3, "rules"),
        (4, "rep"),
    ]


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/v1/reps", {"name": "x", "weight": 0}, "#/weight"),
        ("/v1/reps", {"name": "x", "colour": "red"}, "#/colour"),
        ("/v1/pools", {"name": "x", "member_ids": [new_id()]}, "#/member_ids"),
        ("/v1/pools", {"name": "a\0b"}, "#/name"),
    ],
)
async def test_a_bad_team_is_refused_by_field(
    door: Door, path: str, body: dict[str, Any], pointer: str
) -> None:
    answer = await door.post(path, body)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_rules_that_lead_nowhere_are_refused(door: Door) -> None:
    rule = {"name": "nowhere", "pool_id": new_id()}

    answer = await door.client.put(
        "/v1/rules", json={"rules": [rule]}, headers=await door.headers()
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/rules/0/pool_id"


async def test_the_way_of_a_prospect_over_http(door: Door) -> None:
    await door.office.team(1)
    lead, rep_id = await offered(door)
    path = f"/v1/prospects/{lead.prospect_id}"

    accepted = await door.post(f"{path}/accept", {"rep_id": rep_id})
    progressed = await door.post(f"{path}/progress", {"stage": "commitment"})
    won = await door.post(f"{path}/outcome", WON)
    again = await door.post(f"{path}/outcome", WON)
    shown = (await door.get(path)).json()

    assert (accepted.json()["state"], progressed.json()["stage"]) == ("accepted", "commitment")
    assert (won.status_code, again.json()) == (200, won.json())
    assert (shown["state"], shown["rep"]["id"], shown["card"]) == ("won", rep_id, None)
    assert [one["state"] for one in shown["offers"]] == ["accepted"]
    assert [one["amount"] for one in shown["outcomes"]] == ["1250.50"]


async def test_an_accept_twice_says_what_holds(door: Door) -> None:
    await door.office.team(1)
    lead, rep_id = await offered(door)
    path = f"/v1/prospects/{lead.prospect_id}/accept"

    answers = await asyncio.gather(*(door.post(path, {"rep_id": rep_id}) for _ in range(2)))

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert f"accepted by rep {rep_id}" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"amount": "-1"}, "#/amount"),
        ({"amount": None}, "#/amount"),
        ({"amount": "NaN"}, "#/amount"),
        ({"currency": "euro"}, "#/currency"),
        ({"currency": None}, "#/currency"),
        ({"outcome": "lost", "amount": None, "currency": None, "reason": "rain"}, "#/reason"),
        ({"outcome": "lost", "amount": None, "currency": None}, "#/reason"),
        ({"outcome": "lost", "reason": "price"}, "#/amount"),
        ({"version": 0}, "#/version"),
        ({"closed_at": "2026-05-03T12:00:00"}, "#/closed_at"),
        ({"closed_at": "2027-05-03T12:00:00Z"}, "#/closed_at"),
        ({"deal_id": "\ud800"}, None),
    ],
)
async def test_a_bad_outcome_is_refused_by_field(
    door: Door, changes: dict[str, Any], pointer: str | None
) -> None:
    await door.office.team(1)
    lead, _ = await offered(door)

    answer = await door.post(f"/v1/prospects/{lead.prospect_id}/outcome", WON | changes)

    assert answer.status_code in ({422} if pointer else {400, 422})
    if pointer:
        assert answer.json()["errors"][0]["pointer"] == pointer


async def test_an_outcome_of_an_unknown_prospect_is_not_found(door: Door) -> None:
    answer = await door.post(f"/v1/prospects/{new_id()}/outcome", WON)

    assert answer.status_code == 404


async def test_another_deal_of_a_closed_prospect_is_a_conflict(door: Door) -> None:
    await door.office.team(1)
    lead, _ = await offered(door)
    path = f"/v1/prospects/{lead.prospect_id}/outcome"
    await door.post(path, WON)

    answer = await door.post(path, WON | {"deal_id": "D-2"})

    assert answer.status_code == 409
    assert "D-1" in answer.json()["detail"]


async def test_batches_answer_each_item(door: Door) -> None:
    await door.office.team(1)
    pairs = [await offered(door) for _ in range(3)]
    items = [{"prospect_id": lead.prospect_id, "rep_id": rep_id} for lead, rep_id in pairs]

    accepts = await door.post(
        "/v1/prospects/accepts",
        [*items[:2], items[0], {"rep_id": "x"}, 7, items[0] | {"prospect_id": new_id()}],
    )
    outcomes = await door.post(
        "/v1/prospects/outcomes",
        [
            WON | {"prospect_id": items[0]["prospect_id"]},
            WON | {"prospect_id": items[1]["prospect_id"], "amount": "-5"},
            WON | {"prospect_id": items[2]["prospect_id"], "currency": None},
            WON | {"prospect_id": items[0]["prospect_id"]},
        ],
    )

    assert statuses(accepts.json()["items"]) == [200, 200, 409, 422, 422, 404]
    assert statuses(outcomes.json()["items"]) == [200, 422, 422, 200]
    assert outcomes.json()["items"][2]["problem"]["errors"][0]["pointer"] == "#/currency"
    assert await door.office.unaccounted() == 0


@pytest.mark.parametrize("items", [[], [{}] * 1001, {"not": "a list"}])
async def test_a_batch_has_a_size(door: Door, items: Any) -> None:
    answer = await door.post("/v1/prospects/accepts", items)

    assert answer.status_code == 422


async def test_scopes_are_kept_apart(door: Door) -> None:
    path = f"/v1/prospects/{new_id()}"

    writing = await door.post(f"{path}/accept", {"rep_id": new_id()}, "prospects:read")
    reading = await door.get(path, "prospects:write")
    team = await door.get("/v1/reps", "prospects:read")
    nobody = await door.client.get("/v1/prospects")

    assert [one.status_code for one in (writing, reading, team)] == [403] * 3
    assert nobody.status_code == 401
