"""Which touches count, what leads cost, why they were not won, and what can't be asked."""

from decimal import Decimal
from typing import Any

import pytest

from support.intake_door import IntakeDoor, MadeSource
from support.marketing_numbers import attribution, three_leads
from support.sales_words import about, close


async def test_activities_are_touches_but_machines_and_deliveries_are_not(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead = await intake.taken(shop)
    mail = await intake.source("mail", channel="email")
    for kind, suspicion in (
        ("email_clicked", None), ("email_delivered", None), ("email_opened", "known_agent"),
    ):  # fmt: skip
        await intake.opened.execute(an_activity(lead["person_id"], mail.id, kind, suspicion))
    await close(intake, about(lead), amount="10.00", currency="EUR")

    found = await attribution(intake, model="linear", by="channel")

    assert found["E-mail"]["amounts"] == {"EUR": "5.00"}
    assert found["Organic search"]["amounts"] == {"EUR": "5.00"}


def an_activity(person_id: str, source_id: str, kind: str, suspicion: str | None) -> str:
    """What is kept of an activity an hour before noon."""
    flag = "null" if suspicion is None else f"'{suspicion}'"
    return (
        "insert into activities (id, person_id, source_id, channel, kind, happened_at,"
        " received_at, correlation_id, contract_version, suspicion) values (gen_random_uuid(),"
        f" '{person_id}', '{source_id}', 'email', '{kind}', '2026-05-04 11:00Z', now(),"
        f" gen_random_uuid(), 1, {flag})"
    )


async def test_leads_by_the_piece_cost_what_their_source_takes(intake: IntakeDoor) -> None:
    bought = await intake.source("list", cost_per_lead="2.50", currency="EUR")
    leads = [await intake.taken(bought, email=f"ada{n}@example.org") for n in range(4)]
    await close(intake, about(leads[0]), amount="100.00", currency="EUR")

    line = (await attribution(intake))["list"]

    assert Decimal(line["costs"]["EUR"]) == 10
    assert Decimal(line["margin"]["EUR"]) == 90
    assert Decimal(line["cost_per_lead"]["EUR"]) == Decimal("2.5")
    assert Decimal(line["cost_per_won"]["EUR"]) == 10


async def test_reasons_are_told_to_who_brought_the_people(intake: IntakeDoor) -> None:
    _, leads = await three_leads(intake)
    await close(intake, about(leads[2]), outcome="lost", reason="price")
    await close(intake, about(leads[1]), outcome="disqualified")

    answer = await intake.get("/v1/reports/reasons", model="first_touch")

    shown: list[tuple[Any, ...]] = [
        (line["name"], line["outcome"], line["reason"], Decimal(line["prospects"]))
        for line in answer.json()["lines"]
    ]
    assert shown == [("fair", "disqualified", None, 1), ("fair", "lost", "price", 1)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"model": "best"}, "query/model"),
        ({"by": "moon"}, "query/by"),
        ({"as_of": "9999-12-31"}, "as_of"),
        ({"as_of": "soon"}, "query/as_of"),
        ({"from": "2026-05-03T00:00:00Z", "to": "2026-05-01T00:00:00Z"}, "from"),
    ],
)
async def test_what_is_no_report_is_refused(
    intake: IntakeDoor, query: dict[str, str], field: str
) -> None:
    answer = await intake.get("/v1/reports/attribution", **query)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"#/{field}"
