"""What leads say of campaigns, and what campaigns show of their leads."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from baton.contracts.sales import RepDescribed
from support.campaigns import SPRING, make_campaign, upload_costs
from support.facts import NOON
from support.intake_door import IntakeDoor, MadeSource
from support.sales_words import REP, about, close


async def line_of(intake: IntakeDoor, name: str = SPRING["name"], **query: str) -> dict[str, Any]:
    """A campaign's line in the report."""
    lines = (await intake.get("/v1/reports/campaigns", **query)).json()["lines"]
    found: dict[str, Any] = next(line for line in lines if line["name"] == name)
    return found


async def test_a_campaign_shows_what_it_brought_and_what_is_left(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    campaign_id = await make_campaign(intake)
    leads = [
        await intake.taken(shop, email=f"ada{n}@example.org", campaign=SPRING["name"])
        for n in range(4)
    ]
    await close(intake, about(leads[0]), amount="100.00", currency="EUR")
    await upload_costs(
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
    await make_campaign(intake)
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
    campaign_id = await make_campaign(intake)
    await upload_costs(
        intake, campaign_id,
        "spent_on,amount,currency,channel\n2026-05-01,30,EUR,event\n2026-05-01,12,EUR,\n",
    )  # fmt: skip

    lines = (await intake.get("/v1/reports/attribution", by="channel")).json()["lines"]

    assert {line["key"]: line["costs"] for line in lines} == {
        "event": {"EUR": "30.00"},
        None: {"EUR": "12.00"},
    }


async def test_a_call_to_action_shows_who_answered_it(intake: IntakeDoor, shop: MadeSource) -> None:
    await make_campaign(intake)
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


async def test_who_only_met_a_call_to_action_has_not_answered_it(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    call = {"id": "book-a-tasting", "title": "Book a tasting"}
    await make_campaign(intake, calls_to_action=[call])
    for n, kind in enumerate(("page_viewed", "page_viewed", "email_delivered", "email_clicked")):
        activity = {"kind": kind, "anonymous_id": f"a{n}", "call_to_action": "book-a-tasting"}
        answer = await intake.client.post("/v1/activities", json=activity, headers=shop.headers)
        assert answer.status_code == 202, answer.text

    (line,) = (await intake.get("/v1/reports/calls-to-action")).json()["lines"]

    assert (line["leads"], line["answered"], line["reached"]) == (0, 1, 3)


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
