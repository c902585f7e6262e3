"""Campaigns: made, changed, paid for and told; and what leads say of them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from baton.contracts.sales import RepDescribed
from baton.ids import new_id
from support.facts import NOON
from support.intake_door import IntakeDoor, MadeSource
from support.sales_words import REP, about, close

SPRING: dict[str, Any] = {
    "name": "CRUMPET-SPRING",
    "starts_on": "2026-04-01",
    "ends_on": "2026-05-31",
    "owner": "events desk",
    "target": [
        {"attribute": "country", "any_of": ["DE", "AT"]},
        {"attribute": "seniority", "any_of": ["owner", "director"]},
    ],
    "calls_to_action": [{"id": "book-a-tasting", "title": "Book a tasting", "audience": 200}],
}


async def send(intake: IntakeDoor, method: str, path: str, body: object = None) -> httpx.Response:
    """Ask as the administrator."""
    return await intake.client.request(
        method, f"/v1/campaigns{path}", json=body, headers=intake.admin
    )


async def make(intake: IntakeDoor, **changes: Any) -> str:
    """Make a campaign."""
    answer = await send(intake, "POST", "", SPRING | changes)
    assert answer.status_code == 201, answer.text
    campaign_id: str = answer.json()["campaign_id"]
    return campaign_id


async def upload(intake: IntakeDoor, campaign_id: str, file: str) -> httpx.Response:
    """Add a file of costs."""
    headers = intake.admin | {"content-type": "text/csv; charset=utf-8"}
    path = f"/v1/campaigns/{campaign_id}/costs"
    return await intake.client.post(path, content=file.encode(), headers=headers)


async def line_of(intake: IntakeDoor, name: str = SPRING["name"], **query: str) -> dict[str, Any]:
    """A campaign's line in the report."""
    lines = (await intake.get("/v1/reports/campaigns", **query)).json()["lines"]
    found: dict[str, Any] = next(line for line in lines if line["name"] == name)
    return found


async def test_a_campaign_is_kept_as_it_was_made(intake: IntakeDoor) -> None:
    campaign_id = await make(intake)

    shown = (await send(intake, "GET", f"/{campaign_id}")).json()

    target = [{**one, "any_of": sorted(one["any_of"])} for one in SPRING["target"]]
    assert shown == SPRING | {"campaign_id": campaign_id, "target": target}
    assert (await send(intake, "GET", "")).json() == [shown]


async def test_a_change_changes_what_is_given_is_told_and_audited(intake: IntakeDoor) -> None:
    campaign_id = await make(intake)
    call = {"id": "ask-for-a-quote", "title": "Ask for a quote", "audience": None}

    changes = {"ends_on": None, "calls_to_action": [call]}
    answer = await send(intake, "PATCH", f"/{campaign_id}", changes)

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
    await make(intake)

    same_name = await send(intake, "POST", "", SPRING | {"calls_to_action": []})
    same_call = await send(intake, "POST", "", SPRING | {"name": "other"})

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
    answer = await send(intake, "POST", "", SPRING | changes)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_costs_come_as_json_or_as_a_file_and_never_twice(intake: IntakeDoor) -> None:
    campaign_id = await make(intake)
    entry = {"spent_on": "2026-05-01", "amount": "10.50", "currency": "EUR", "reference": "R1"}
    file = "spent_on,amount,currency,channel\n2026-05-02,5,EUR,event\n2026-05-02,5,EUR,event\n"

    path = f"/{campaign_id}/costs"
    answers = [
        await send(intake, "POST", path, {"entries": [entry]}),
        await send(intake, "POST", path, {"entries": [entry]}),
        await upload(intake, campaign_id, file),
        await upload(intake, campaign_id, file),
    ]

    assert [(a.json()["added"], a.json()["known"]) for a in answers] == [
        (1, 0), (0, 1), (2, 0), (0, 2),
    ]  # fmt: skip
    kept = (await send(intake, "GET", path)).json()
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
    campaign_id = await make(intake)
    entry = {"spent_on": "2026-05-01", "amount": "10.50", "currency": "EUR", "reference": "R1"}
    path = f"/{campaign_id}/costs"
    await send(intake, "POST", path, {"entries": [entry]})

    answer = await send(intake, "POST", path, {"entries": [entry | {"amount": "11"}]})

    assert answer.status_code == 409
    assert answer.json()["errors"][0]["pointer"] == "#/reference"


async def test_bad_costs_are_refused_and_none_is_kept(intake: IntakeDoor) -> None:
    campaign_id = await make(intake)
    path = f"/{campaign_id}/costs"

    file = await upload(
        intake, campaign_id, "spent_on,amount,currency\n2026-05-01,5,EUR\nsoon,5,EUR\n"
    )
    body = await send(intake, "POST", path, {"entries": [{"spent_on": "2026-05-01"}]})
    nobodys = await send(intake, "POST", f"/{new_id()}/costs", {"entries": [
        {"spent_on": "2026-05-01", "amount": "1", "currency": "EUR"}]})  # fmt: skip

    assert (file.status_code, body.status_code, nobodys.status_code) == (422, 422, 404)
    assert "row 2" in file.json()["detail"]
    assert body.json()["errors"][0]["pointer"] == "#/entries/0/amount"
    assert await intake.count("campaign_costs") == 0


async def test_a_campaign_shows_what_it_brought_and_what_is_left(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    campaign_id = await make(intake)
    leads = [
        await intake.taken(shop, email=f"ada{n}@example.org", campaign=SPRING["name"])
        for n in range(4)
    ]
    await close(intake, about(leads[0]), amount="100.00", currency="EUR")
    await upload(
        intake, campaign_id, "spent_on,amount,currency\n2026-05-01,30,EUR\n2026-05-04,10.50,EUR\n"
    )

    now = await line_of(intake)
    earlier = await line_of(intake, as_of="2026-05-03")

    assert [Decimal(now[name]) for name in ("leads", "accepted", "won")] == [4, 1, 1]
    assert Decimal(now["costs"]["EUR"]) == Decimal("40.50")
    assert Decimal(now["margin"]["EUR"]) == Decimal("59.50")
    assert Decimal(now["cost_per_lead"]["EUR"]) == Decimal("10.125")
    assert Decimal(now["cost_per_accepted"]["EUR"]) == Decimal("40.50")
    assert Decimal(earlier["leads"]) == 0
    assert earlier["cost_per_won"] is None
    assert Decimal(earlier["margin"]["EUR"]) == -30


async def test_a_campaign_shows_how_many_were_meant(intake: IntakeDoor, shop: MadeSource) -> None:
    await make(intake)
    for n, (country, title) in enumerate(
        [("DE", "Owner"), ("AT", "Sales Director"), ("DE", "Clerk"), ("DE", None), ("FR", None)]
    ):
        lead = {"email": f"ada{n}@example.org", "country": country, "job_title": title}
        await intake.taken(shop, campaign=SPRING["name"], **lead)

    line = await line_of(intake)

    counts = [line[f"{aim}_target"] for aim in ("inside", "outside", "unknown")]
    assert counts == [2, 2, 1]
    assert Decimal(line["target_share"]) == Decimal("0.5")


async def test_a_channel_costs_what_is_said_to_be_its_own(intake: IntakeDoor) -> None:
    campaign_id = await make(intake)
    await upload(
        intake, campaign_id,
        "spent_on,amount,currency,channel\n2026-05-01,30,EUR,event\n2026-05-01,12,EUR,\n",
    )  # fmt: skip

    lines = (await intake.get("/v1/reports/attribution", by="channel")).json()["lines"]

    assert {line["key"]: line["costs"] for line in lines} == {
        "event": {"EUR": "30.00"},
        None: {"EUR": "12.00"},
    }


async def test_a_call_to_action_shows_who_answered_it(intake: IntakeDoor, shop: MadeSource) -> None:
    await make(intake)
    call = {"call_to_action": "book-a-tasting"}
    one = await intake.taken(shop, **call)
    await intake.taken(shop, **call)
    other = await intake.taken(shop, email="bob@example.org", **call)
    await intake.taken(shop, email="eve@example.org", call_to_action="something-unknown")
    members = {"person_ids": [one["person_id"], other["person_id"]]}
    await intake.client.post("/v1/people/merge", json=members, headers=intake.admin)

    (line,) = (await intake.get("/v1/reports/calls-to-action")).json()["lines"]

    assert (line["call_to_action"], line["campaign"]) == ("book-a-tasting", SPRING["name"])
    assert (line["leads"], line["answered"], line["reached"]) == (3, 1, 200)
    assert Decimal(line["response_rate"]) == Decimal("0.005")
    facts = [said["data"] for said in await intake.said("LeadCaptured")]
    assert [fact.get("call_to_action") for fact in facts] == ["book-a-tasting"] * 3 + [None]
    assert [fact.get("campaign_id") is None for fact in facts] == [False] * 3 + [True]


async def test_a_lead_says_who_brought_it_by_an_id_that_is_known(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await intake.hear(RepDescribed(rep_id=REP, name="Rosa Invented", team="north", is_active=True))
    await intake.taken(shop, originator=REP.upper(), channel="social")
    await intake.taken(shop, originator="Rosa Invented", referred_by="customer-4711")

    facts = [said["data"] for said in await intake.said("LeadCaptured")]

    assert [fact.get("originator_id") for fact in facts] == [REP, None]
    assert "4711" not in str(facts)
    rows = await intake.opened.fetch("select details from leads order by id")
    assert rows[1]["details"]["referred_by"] == "customer-4711"


async def test_who_bought_before_is_returning_also_under_another_id(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    first = await intake.taken(shop)
    await close(intake, about(first), NOON - timedelta(hours=1), amount="1", currency="EUR")
    before = (NOON - timedelta(days=1)).isoformat()
    await intake.taken(shop, occurred_at=before)
    await intake.taken(shop)
    other = await intake.taken(shop, email="bob@example.org")
    members = {"person_ids": [first["person_id"], other["person_id"]]}
    await intake.client.post("/v1/people/merge", json=members, headers=intake.admin)
    await intake.taken(shop, email="bob@example.org")

    facts = [said["data"].get("is_returning", False) for said in await intake.said("LeadCaptured")]

    assert facts == [False, False, True, False, True]


async def test_the_channels_are_a_catalogue(intake: IntakeDoor) -> None:
    channels = (await intake.get("/v1/channels")).json()

    offline = [one["channel"] for one in channels if one["group"] == "offline"]
    assert offline == ["event", "phone", "print", "broadcast"]
    assert all(one["title"] for one in channels)
