"""Credit for what was reached, through the door: models, costs, merged people, past days."""

from decimal import Decimal

import pytest

from marketing_intake.domain.attribution import Model
from support.facts import NOON
from support.intake_door import IntakeDoor, MadeSource
from support.marketing_numbers import DAY, attribution, credit, three_leads
from support.sales_words import about, accept, close, correct


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("first_touch", {"fair": "100.01"}),
        ("last_touch", {"shop": "100.01"}),
        ("linear", {"fair": "33.34", "mail": "33.34", "shop": "33.33"}),
        ("position_based", {"fair": "40.01", "mail": "20.00", "shop": "40.00"}),
        ("time_decay", {"fair": "30.09", "mail": "33.23", "shop": "36.69"}),
    ],
)
async def test_each_model_credits_the_same_touches_its_own_way(
    intake: IntakeDoor, model: str, expected: dict[str, str]
) -> None:
    _, leads = await three_leads(intake)
    pursuit = about(leads[2])
    await accept(intake, pursuit)
    await close(intake, pursuit, amount="100.01", currency="EUR")

    found = await attribution(intake, model=model)

    amounts = {name: line["amounts"].get("EUR") for name, line in found.items() if name}
    assert {name: amount for name, amount in amounts.items() if amount} == expected
    assert credit(found[""]) == (3, 1, 1, {"EUR": Decimal("100.01")})


async def test_without_a_model_a_lead_is_its_own_sources(intake: IntakeDoor) -> None:
    await three_leads(intake)

    found = await attribution(intake)

    assert {name: Decimal(line["leads"]) for name, line in found.items() if name} == {
        "fair": 1, "mail": 1, "shop": 1,
    }  # fmt: skip


async def test_touches_of_all_who_are_merged_count_and_no_longer_when_they_are_parted(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    fair = await intake.source("fair")
    early = (NOON - 2 * DAY).isoformat()
    first = await intake.taken(fair, email="ada@fair.example.org", occurred_at=early)
    lead = await intake.taken(shop)
    await close(intake, about(lead), amount="10.00", currency="EUR")
    members = {"person_ids": [lead["person_id"], first["person_id"]]}
    alone = await attribution(intake, model="linear")

    merged = await intake.client.post("/v1/people/merge", json=members, headers=intake.admin)
    together = await attribution(intake, model="linear")
    await intake.client.post("/v1/people/unmerge", json=merged.json(), headers=intake.admin)
    parted = await attribution(intake, model="linear")

    assert alone["web shop"]["amounts"] == {"EUR": "10.00"}
    assert together["web shop"]["amounts"] == together["fair"]["amounts"] == {"EUR": "5.00"}
    assert credit(together[""]) == credit(alone[""])
    assert parted == alone


async def test_a_deal_that_is_dated_before_its_lead_is_still_the_leads(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop)
    await close(intake, about(lead), NOON - 2 * DAY, amount="10", currency="EUR")

    before = await attribution(intake, to=(NOON - DAY).isoformat())

    assert credit(before["web shop"]) == (0, 1, 1, {"EUR": Decimal(10)})


async def test_a_pursuit_of_two_leads_is_won_once(intake: IntakeDoor, shop: MadeSource) -> None:
    leads = [await intake.taken(shop), await intake.taken(shop)]
    pursuit = about(*leads)
    await accept(intake, pursuit)
    await accept(intake, pursuit, NOON + DAY)
    await close(intake, pursuit, NOON + DAY, amount="7.50", currency="EUR")

    found = await attribution(intake)

    assert credit(found["web shop"]) == (2, 1, 1, {"EUR": Decimal("7.50")})


async def test_a_past_day_is_reported_as_it_was(intake: IntakeDoor, shop: MadeSource) -> None:
    lead = await intake.taken(shop, occurred_at=(NOON - 9 * DAY).isoformat())
    pursuit = about(lead)
    await accept(intake, pursuit, NOON - 8 * DAY)
    await close(intake, pursuit, NOON - 6 * DAY, amount="10.00", currency="EUR")
    await correct(
        intake, pursuit, NOON - 6 * DAY, said_at=NOON - 3 * DAY, outcome="lost", reason="price"
    )

    days = [(NOON - days * DAY).date().isoformat() for days in (10, 9, 7, 4, 1)]
    totals = [(await attribution(intake, as_of=day))[""] for day in days]

    won = {"EUR": Decimal("10.00")}
    assert [credit(total) for total in totals] == [
        (0, 0, 0, {}),
        (1, 0, 0, {}),
        (1, 1, 0, {}),
        (1, 1, 1, won),
        (1, 1, 0, {}),
    ]
    assert Decimal(totals[-1]["lost"]) == 1


async def test_what_is_heard_twice_counts_once(intake: IntakeDoor, shop: MadeSource) -> None:
    lead = await intake.taken(shop)
    pursuit = about(lead)
    for _ in range(2):
        await accept(intake, pursuit)
        await close(intake, pursuit, amount="10.00", currency="EUR")

    assert credit((await attribution(intake))["web shop"])[1:] == (1, 1, {"EUR": Decimal("10.00")})


async def test_a_pursuit_of_leads_that_nobody_knows_here_counts_for_nothing(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await intake.taken(shop)
    await close(
        intake, about({"lead_id": shop.id, "person_id": shop.id}), amount="1", currency="EUR"
    )

    assert credit((await attribution(intake))[""]) == (1, 0, 0, {})


async def test_all_models_give_away_the_same(intake: IntakeDoor) -> None:
    _, leads = await three_leads(intake)
    for lead, amount in zip(leads, ("0.01", "99.99", "1000000000.05"), strict=True):
        await close(intake, about(lead), amount=amount, currency="EUR")

    totals = [(await attribution(intake, model=model))[""] for model in Model]

    assert {str(credit(total)) for total in totals} == {str(credit(totals[0]))}
    assert totals[0]["amounts"] == {"EUR": "1000000100.05"}
