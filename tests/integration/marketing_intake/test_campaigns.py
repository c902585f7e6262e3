"""Campaigns: made, changed, paid for and told."""

from decimal import Decimal

import pytest

from baton.ids import new_id
from support.campaigns import SPRING, ask, make_campaign, upload_costs
from support.intake_door import IntakeDoor


async def test_a_campaign_is_kept_as_it_was_made(intake: IntakeDoor) -> None:
    campaign_id = await make_campaign(intake)

    shown = (await ask(intake, "GET", f"/{campaign_id}")).json()

    target = [{**one, "any_of": sorted(one["any_of"])} for one in SPRING["target"]]
    assert shown == SPRING | {"campaign_id": campaign_id, "target": target}
    assert (await ask(intake, "GET", "")).json() == [shown]


async def test_a_change_changes_what_is_given_is_told_and_audited(intake: IntakeDoor) -> None:
    campaign_id = await make_campaign(intake)
    call = {"id": "ask-for-a-quote", "title": "Ask for a quote", "audience": None}

    changes = {"ends_on": None, "calls_to_action": [call]}
    answer = await ask(intake, "PATCH", f"/{campaign_id}", changes)

    shown = answer.json()
    assert (shown["starts_on"], shown["ends_on"]) == ("2026-04-01", None)
    assert [one["id"] for one in shown["calls_to_action"]] == ["book-a-tasting", "ask-for-a-quote"]
    (_, said) = await intake.said("CampaignDescribed")
    assert said["data"]["calls_to_action"] == {
        "book-a-tasting": "Book a tasting",
        "ask-for-a-quote": "Ask for a quote",
    }
    rows = await intake.opened.fetch("select what, old, new from audit_log order by at, id")
    assert rows[-1]["what"] == "campaign changed"
    assert (rows[-1]["old"]["ends_on"], rows[-1]["new"]["ends_on"]) == ("2026-05-31", None)


async def test_a_name_and_a_call_are_of_one_campaign(intake: IntakeDoor) -> None:
    await make_campaign(intake)

    same_name = await ask(intake, "POST", "", SPRING | {"calls_to_action": []})
    same_call = await ask(intake, "POST", "", SPRING | {"name": "other"})

    assert (same_name.status_code, same_call.status_code) == (409, 409)
    assert same_name.json()["errors"][0]["pointer"] == "#/name"
    assert same_call.json()["errors"][0]["pointer"] == "#/calls_to_action"
    assert await intake.count("campaigns") == 1


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"ends_on": "2026-03-01"}, "#/ends_on"),
        ({"target": [{"attribute": "shoe_size", "any_of": ["9"]}]}, "#/target/0/attribute"),
        ({"target": [{"attribute": "country"}]}, "#/target/0"),
        ({"target": [{"attribute": "country", "any_of": ["a\0"]}]}, "#/target/0/any_of/0"),
        ({"target": [{"attribute": "country", "any_of": [None]}]}, "#/target/0/any_of/0"),
        ({"calls_to_action": [{"id": "No Spaces", "title": "x"}]}, "#/calls_to_action/0/id"),
        ({"colour": "red"}, "#/colour"),
    ],
)
async def test_what_is_no_campaign_is_refused(
    intake: IntakeDoor, changes: dict[str, object], pointer: str
) -> None:
    answer = await ask(intake, "POST", "", SPRING | changes)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_costs_come_as_json_or_as_a_file_and_never_twice(intake: IntakeDoor) -> None:
    campaign_id = await make_campaign(intake)
    entry = {"spent_on": "2026-05-01", "amount": "10.50", "currency": "EUR", "reference": "R1"}
    file = "spent_on,amount,currency,channel\n2026-05-02,5,EUR,event\n2026-05-02,5,EUR,event\n"

    path = f"/{campaign_id}/costs"
    answers = [
        await ask(intake, "POST", path, {"entries": [entry]}),
        await ask(intake, "POST", path, {"entries": [entry]}),
        await upload_costs(intake, campaign_id, file),
        await upload_costs(intake, campaign_id, file),
    ]

    assert [(a.json()["added"], a.json()["known"]) for a in answers] == [
        (1, 0), (0, 1), (2, 0), (0, 2),
    ]  # fmt: skip
    kept = (await ask(intake, "GET", path)).json()
    assert sum(Decimal(one["amount"]) for one in kept) == Decimal("20.50")
    assert await intake.count("campaign_costs") == 3


async def test_a_table_where_json_is_wanted_is_refused(intake: IntakeDoor) -> None:
    headers = intake.admin | {"content-type": "text/csv"}

    answers = [
        await intake.client.request(method, path, content=b"name,x\n1,2\n", headers=headers)
        for method, path in (
            ("POST", "/v1/campaigns"),
            ("PATCH", f"/v1/campaigns/{new_id()}"),
            ("POST", "/v1/leads"),
        )
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 415]


async def test_a_reference_never_changes_what_it_names(intake: IntakeDoor) -> None:
    campaign_id = await make_campaign(intake)
    entry = {"spent_on": "2026-05-01", "amount": "10.50", "currency": "EUR", "reference": "R1"}
    path = f"/{campaign_id}/costs"
    await ask(intake, "POST", path, {"entries": [entry]})

    answer = await ask(intake, "POST", path, {"entries": [entry | {"amount": "11"}]})

    assert answer.status_code == 409
    assert answer.json()["errors"][0]["pointer"] == "#/reference"


async def test_bad_costs_are_refused_and_none_is_kept(intake: IntakeDoor) -> None:
    campaign_id = await make_campaign(intake)
    path = f"/{campaign_id}/costs"

    file = await upload_costs(
        intake, campaign_id, "spent_on,amount,currency\n2026-05-01,5,EUR\nsoon,5,EUR\n"
    )
    body = await ask(intake, "POST", path, {"entries": [{"spent_on": "2026-05-01"}]})
    nobodys = await ask(intake, "POST", f"/{new_id()}/costs", {"entries": [
        {"spent_on": "2026-05-01", "amount": "1", "currency": "EUR"}]})  # fmt: skip

    assert (file.status_code, body.status_code, nobodys.status_code) == (422, 422, 404)
    assert "row 2" in file.json()["detail"]
    assert body.json()["errors"][0]["pointer"] == "#/entries/0/amount"
    assert await intake.count("campaign_costs") == 0


async def test_the_channels_are_a_catalogue(intake: IntakeDoor) -> None:
    channels = (await intake.get("/v1/channels")).json()

    offline = [one["channel"] for one in channels if one["group"] == "offline"]
    assert offline == ["event", "phone", "print", "broadcast"]
    assert all(one["title"] for one in channels)
