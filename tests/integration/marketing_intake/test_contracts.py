"""What is agreed with a source: versioned, audited, applied to what comes, its secrets too."""

from typing import Any

import httpx
import pytest

from support.hook_sender import SECRET, a_hook, a_response, post_hook, taken_by_hook
from support.intake_door import ADA, IntakeDoor, MadeSource


async def change(intake: IntakeDoor, source: MadeSource, **values: Any) -> dict[str, Any]:
    """Change what is agreed; returns the source as it is then."""
    answer = await intake.client.patch(
        f"/v1/sources/{source.id}", json=values, headers=intake.admin
    )
    assert answer.status_code == 200, answer.text
    # What is remembered of a source is forgotten after this.
    intake.clock.advance(seconds=10)
    found: dict[str, Any] = answer.json()
    return found


async def test_every_change_is_a_version_with_who_made_it(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    changed = await change(intake, shop, owner="Grace", defaults={"country": "DE"})

    versions = (await intake.get(f"/v1/sources/{shop.id}/versions")).json()
    assert changed["contract_version"] == 2
    assert [one["version"] for one in versions] == [2, 1]
    assert [one["contract"]["owner"] for one in versions] == ["Grace", ""]
    assert versions[0]["who"] == "key:test"
    (audit,) = await intake.opened.fetch("select old, new from audit_log where what = $1",
                                         "source changed")  # fmt: skip
    assert (audit["old"]["defaults"], audit["new"]["defaults"]) == ({}, {"country": "DE"})


async def test_what_changes_nothing_is_no_version(intake: IntakeDoor, shop: MadeSource) -> None:
    changed = await change(intake, shop, name="web shop", is_active=True)

    assert changed["contract_version"] == 1


async def test_a_lead_names_the_version_that_it_came_under(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await intake.taken(shop)
    await change(intake, shop, owner="Grace")
    await intake.taken(shop)

    rows = await intake.opened.fetch("select contract_version from leads order by id")
    assert [row["contract_version"] for row in rows] == [1, 2]


async def test_fields_are_mapped_picked_and_completed(intake: IntakeDoor, shop: MadeSource) -> None:
    await change(
        intake, shop,
        traits={"plan": {"kind": "text", "allowed": ["team"]}},
        field_map={"your-mail": "email", "which": "traits.plan", "ok": "consent.contact"},
        fields=["email", "traits", "consent"],
        defaults={"country": "DE", "campaign": "SPRING"},
    )  # fmt: skip

    lead = {"your-mail": ADA["email"], "which": "team", "ok": "yes", "company": "Left out"}
    answer = await intake.send(shop, lead)

    assert answer.status_code == 202, answer.text
    data = (await intake.said("LeadCaptured"))[-1]["data"]
    assert (data["country"], data["traits"], data["consent"]) == (
        "DE", {"plan": "team"}, ["contact"],
    )  # fmt: skip
    assert "company" not in data["fields"]


async def test_a_shaped_source_refuses_as_any_other(intake: IntakeDoor, shop: MadeSource) -> None:
    await change(intake, shop, defaults={"country": "DE"})

    answers = [await intake.send(shop, body) for body in (b"{", b"[]", {"email": "nobody"})]

    assert [answer.status_code for answer in answers] == [400, 400, 422]
    assert await intake.unaccounted() == 0


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"field_map": {"a": "nothing"}}, "field_map"),
        ({"field_map": {"a": "traits.undeclared"}}, "field_map"),
        ({"field_map": {"a": "consent.everything"}}, "field_map"),
        ({"defaults": {"email": "a@example.org"}}, "defaults"),
        ({"defaults": {"country": "Germany"}}, "defaults"),
        ({"defaults": {"shoe": "39"}}, "defaults"),
        ({"queue_max": 5}, None),
        ({"per_second": 1, "queue_max": 11}, "queue_max"),
        ({"vendor": "nobody"}, "vendor"),
        ({"currency": "EUR"}, "currency"),
        ({"config": {"x": "y" * 20_000}}, "config"),
        ({"allowed_origins": ["https://shop.example/path"]}, "allowed_origins/0"),
        ({"typing_eror": 1}, "typing_eror"),
    ],
)
async def test_terms_that_can_not_be_are_refused(
    intake: IntakeDoor, shop: MadeSource, values: dict[str, Any], field: str | None
) -> None:
    answer = await intake.client.patch(f"/v1/sources/{shop.id}", json=values, headers=intake.admin)

    if field is None:  # a queue without a rate is a queue for nothing
        assert answer.json()["contract_version"] == 1
    else:
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == f"#/{field}"


async def test_what_a_source_may_be_without_is_taken_away_by_null(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await change(intake, shop, fields=["email"], per_second=5, config={"form": "a", "x": 1})

    shown = await change(intake, shop, fields=None, per_second=None, name=None, config={"x": None})

    contract = shown["contract"]
    assert (contract["fields"], contract["per_second"]) == (None, None)
    assert (contract["name"], contract["config"]) == ("web shop", {"form": "a"})


async def test_two_secrets_are_active_while_one_is_rotated(intake: IntakeDoor) -> None:
    hook = await a_hook(intake)
    made = await intake.client.post(f"/v1/sources/{hook.id}/secrets", json={}, headers=intake.admin)
    third = await intake.client.post(
        f"/v1/sources/{hook.id}/secrets", json={}, headers=intake.admin
    )
    intake.clock.advance(seconds=10)
    new = made.json()["secret"]

    assert (made.status_code, third.status_code) == (201, 409)
    old_counts = await taken_by_hook(intake, hook, a_response("t-1"))
    with_new = await post_hook(intake, hook, a_response("t-2"), secret=new)
    assert (old_counts, with_new.status_code) == ({"taken": 1}, 200)

    shown = (await intake.get(f"/v1/sources/{hook.id}")).json()
    newest, oldest = shown["secret_ids"]
    assert newest == made.json()["secret_id"]
    ended = await intake.client.delete(
        f"/v1/sources/{hook.id}/secrets/{oldest}", headers=intake.admin
    )
    intake.clock.advance(seconds=10)
    assert ended.status_code == 204
    assert (await post_hook(intake, hook, a_response("t-3"))).status_code == 401
    assert (await post_hook(intake, hook, a_response("t-3"), secret=new)).status_code == 200


async def test_a_secret_that_a_vendor_made_is_given(intake: IntakeDoor) -> None:
    hook = await a_hook(intake, secret=None)
    assert (await post_hook(intake, hook, a_response())).status_code == 401

    await intake.client.post(
        f"/v1/sources/{hook.id}/secrets", json={"secret": SECRET}, headers=intake.admin
    )
    intake.clock.advance(seconds=10)

    assert await taken_by_hook(intake, hook, a_response()) == {"taken": 1}


async def test_two_keys_are_active_while_one_is_rotated(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    path = f"/v1/sources/{shop.id}/keys"
    made = (await intake.client.post(path, headers=intake.admin)).json()
    third = await intake.client.post(path, headers=intake.admin)
    second = MadeSource(shop.id, {"authorization": f"Bearer {made['key']}"}, None)

    assert third.status_code == 409
    await intake.taken(second)
    await intake.taken(shop)

    old = shop.headers["authorization"].split("_")[1]
    ended = await intake.client.delete(f"{path}/{old}", headers=intake.admin)
    intake.clock.advance(seconds=10)

    assert ended.status_code == 204
    assert (await intake.send(shop, ADA)).status_code == 401
    await intake.taken(second)


async def test_a_source_over_its_limit_is_told_when_to_come_again(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await change(intake, shop, per_second=2)
    answers = [await intake.send(shop, ADA) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [202, 202, 429]
    late: httpx.Response = answers[2]
    assert late.headers["retry-after"] == "1"
    assert late.headers["ratelimit-policy"] == '"second";q=2;w=1'
    assert late.json()["violated-policies"] == ["second"]
    assert late.json()["type"].endswith("#quota-exceeded")
    intake.clock.advance(seconds=1)
    assert (await intake.send(shop, ADA)).status_code == 202
    assert await intake.unaccounted() == 0


async def test_a_days_limit_holds_for_every_door(intake: IntakeDoor, shop: MadeSource) -> None:
    await change(intake, shop, per_day=4)
    batch = await intake.client.post("/v1/leads/batch", json=[ADA] * 2, headers=shop.headers)
    activity = {"kind": "page_viewed", "email": ADA["email"]}
    recorded = await intake.client.post("/v1/activities", json=activity, headers=shop.headers)
    await intake.taken(shop)

    late = await intake.send(shop, ADA)

    assert (batch.status_code, recorded.status_code, late.status_code) == (200, 202, 429)
    assert late.json()["violated-policies"] == ["day"]
    assert int(late.headers["retry-after"]) > 11 * 3600


async def test_a_hook_over_its_limit_is_asked_to_come_again(intake: IntakeDoor) -> None:
    hook = await a_hook(intake, per_second=1)
    await taken_by_hook(intake, hook, a_response("t-1"))

    late = await post_hook(intake, hook, a_response("t-2"))

    assert (late.status_code, late.headers["retry-after"]) == (429, "1")
    intake.clock.advance(seconds=1)
    assert await taken_by_hook(intake, hook, a_response("t-2")) == {"taken": 1}


async def test_a_test_lead_is_never_scored(intake: IntakeDoor, shop: MadeSource) -> None:
    await intake.taken(shop, is_test=True)

    (row,) = await intake.opened.fetch("select state from leads")
    assert row["state"] == "test"
    assert await intake.said("LeadCaptured") == []
    assert await intake.unaccounted() == 0
