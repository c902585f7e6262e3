"""What each source brought: counted per channel, in decimals per currency, for a period."""

from decimal import Decimal
from typing import Any

from baton.contracts.sales import DealClosed, ProspectAccepted, ProspectOffered, RepDescribed
from baton.contracts.scoring import LeadNurtured, ProspectQualified
from baton.ids import new_id
from support.facts import NOON
from support.intake_door import IntakeDoor, MadeSource
from support.prospects import qualified

REP = new_id()


def a_qualification(lead: dict[str, str]) -> ProspectQualified:
    """Scoring's word about a lead."""
    return qualified(lead["person_id"], lead_id=lead["lead_id"])


async def sell(intake: IntakeDoor, lead: dict[str, str], **closure: Any) -> None:
    """Let sales take the lead and close it."""
    said = {
        "prospect_id": new_id(),
        "person_id": lead["person_id"],
        "lead_ids": (lead["lead_id"],),
        "offer_id": new_id(),
        "rep_id": REP,
    }
    offer = {"pool_id": new_id(), "decision_number": 1, "deadline": NOON, "received_at": NOON}
    deal = {
        "deal_id": new_id(),
        "version": 1,
        "outcome": "won",
        "reason": None,
        "amount": None,
        "currency": None,
        "closed_at": NOON,
        "received_at": NOON,
    }
    await intake.hear(
        ProspectOffered.model_validate(said | offer),
        ProspectAccepted.model_validate(said),
        DealClosed.model_validate(said | deal | closure),
    )


async def report(intake: IntakeDoor, **period: str) -> list[dict[str, Any]]:
    """The report's lines."""
    answer = await intake.get("/v1/reports/sources", **period)
    lines: list[dict[str, Any]] = answer.json()["lines"]
    return lines


async def test_the_loop_is_closed_per_source_and_channel(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    leads = [await intake.taken(shop, email=f"ada{n}@example.org") for n in range(5)]
    await intake.hear(*(a_qualification(lead) for lead in leads[:4]))
    await sell(intake, leads[0], amount="0.10", currency="EUR")
    await sell(intake, leads[1], amount="0.20", currency="EUR")
    await sell(intake, leads[2], amount="1000000000000.01", currency="USD")
    await sell(intake, leads[3], outcome="lost", reason="price")

    (line,) = await report(intake)

    counts = {name: line[name] for name in ("leads", "qualified", "accepted", "won", "lost")}
    assert counts == {"leads": 5, "qualified": 4, "accepted": 4, "won": 3, "lost": 1}
    assert (line["source"], line["channel"]) == ("web shop", "organic_search")
    assert line["conversion"] == 3 / 5
    amounts = {currency: Decimal(text) for currency, text in line["amounts"].items()}
    assert amounts == {"EUR": Decimal("0.30"), "USD": Decimal("1000000000000.01")}


async def test_a_report_is_of_when_things_happened(intake: IntakeDoor, shop: MadeSource) -> None:
    for day in (1, 2, 3):
        await intake.taken(shop, occurred_at=f"2026-05-0{day}T00:00:00Z")

    period = {"from": "2026-05-01T00:00:00Z", "to": "2026-05-03T00:00:00Z"}

    assert [line["leads"] for line in await report(intake)] == [3]
    assert [line["leads"] for line in await report(intake, **period)] == [2]


async def test_channels_of_one_source_are_kept_apart(intake: IntakeDoor, shop: MadeSource) -> None:
    await intake.taken(shop, channel="email")
    await intake.taken(shop)

    lines = await report(intake)

    assert {line["channel"]: line["leads"] for line in lines} == {"email": 1, "organic_search": 1}


async def test_a_period_that_ends_before_it_begins_is_refused(intake: IntakeDoor) -> None:
    answer = await intake.get(
        "/v1/reports/sources", **{"from": "2026-05-03T00:00:00Z", "to": "2026-05-01T00:00:00Z"}
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/from"


async def test_who_is_forgotten_stays_counted(intake: IntakeDoor, shop: MadeSource) -> None:
    lead = await intake.taken(shop)
    await intake.hear(a_qualification(lead))
    await sell(intake, lead, amount="12.50", currency="EUR")
    before = await report(intake)

    await intake.client.delete(f"/v1/people/{lead['person_id']}", headers=intake.admin)

    assert before[0]["won"] == 1
    assert await report(intake) == before


async def test_a_lead_shows_what_became_of_it(intake: IntakeDoor, shop: MadeSource) -> None:
    lead = await intake.taken(shop)
    await intake.hear(RepDescribed(rep_id=REP, name="Rosa Invented", team="north", is_active=True))
    await intake.hear(a_qualification(lead))
    await sell(intake, lead, amount="12.50", currency="EUR")

    shown = (await intake.get(f"/v1/leads/{lead['lead_id']}")).json()

    assert (shown["state"], shown["outcome"], shown["rep"]) == ("won", "won", "Rosa Invented")
    assert (shown["fit"], shown["engagement"]) == (10.0, 5.0)
    assert Decimal(shown["amount"]) == Decimal("12.50")
    assert [step["type"].split(".")[2] for step in shown["steps"]] == [
        "ProspectQualified",
        "ProspectOffered",
        "ProspectAccepted",
        "DealClosed",
    ]


async def test_a_nurtured_lead_says_what_is_missing(intake: IntakeDoor, shop: MadeSource) -> None:
    lead = await intake.taken(shop)
    nurtured = {
        **a_qualification(lead).model_dump(exclude={"prospect_id", "received_at", "source_id"}),
        "missing": ("a phone number",),
    }
    await intake.hear(LeadNurtured.model_validate(nurtured))

    shown = (await intake.get(f"/v1/leads/{lead['lead_id']}")).json()

    assert (shown["state"], shown["missing"]) == ("nurtured", ["a phone number"])
