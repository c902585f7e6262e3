"""Enrichment: asked outside, said after the lead, in traits that identify nobody."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from support.graph_server import Answer
from support.provider_desk import CRUMPET, KEY, Desk, counted, open_desk

DAY = 24 * 3600.0


@pytest_asyncio.fixture
async def desk(url: str) -> AsyncIterator[Desk]:
    """A provider that knows a company."""
    async with open_desk(url) as opened:
        yield opened


async def test_a_lead_is_said_at_once_and_enriched_after(desk: Desk) -> None:
    await desk.ask(desk.asks())
    lead = await desk.lead()
    before = await desk.said()

    await desk.work()

    assert before == []
    assert len(await desk.intake.said("LeadCaptured")) == 1
    (said,) = await desk.said()
    assert said["traits"] == {
        "company_size": "51-200", "company_country": "GB", "industry": "manufacturing",
    }  # fmt: skip
    assert (said["lead_id"], said["person_id"]) == (lead["lead_id"], lead["person_id"])
    (row,) = await desk.intake.opened.fetch("select company_id, attributes from leads")
    assert (said["company_id"], said["provider"]) == (row["company_id"], "firmographics")
    assert row["attributes"]["trait:company_size"] == "51-200"
    assert await desk.intake.unaccounted() == 0


async def test_a_provider_is_told_the_domain_and_nothing_of_the_person(desk: Desk) -> None:
    await desk.ask(desk.asks(), desk.asks(name="other", url=f"{desk.provider.url}/of/{{domain}}"))
    await desk.lead(email="ada.oven@mail.crumpet.org", phone="+442079460000")

    await desk.work()

    by_path = {asked.path: asked for asked in desk.provider.asked}
    assert dict(by_path["/"].query) == {"domain": "crumpet.org"}
    assert dict(by_path["/of/crumpet.org"].query) == {}
    told = str([(asked.path, asked.query, asked.headers) for asked in desk.provider.asked])
    assert [word for word in ("ada", "oven", "9460000") if word in told.lower()] == []


async def test_work_holds_ids_alone(desk: Desk) -> None:
    await desk.ask(desk.asks())

    lead = await desk.lead()

    (work,) = await desk.intake.opened.fetch("select payload from work")
    assert work["payload"] == {
        "lead_id": lead["lead_id"],
        "provider": "firmographics",
        "lane": "enrich-lead:firmographics",
    }


@pytest.mark.parametrize("lead", [
    {"email": "ada@gmail.com"},
    {"email": None, "phone": "+442079460000", "company": "Crumpet"},
    {"email": "ada@crumpet.org", "is_test": True},
])  # fmt: skip
async def test_who_is_of_no_known_company_is_not_asked_about(
    desk: Desk, lead: dict[str, object]
) -> None:
    await desk.ask(desk.asks())

    await desk.intake.taken(desk.shop, **lead)

    assert await desk.intake.count("work") == 0


async def test_without_a_provider_nothing_is_ordered(desk: Desk) -> None:
    await desk.lead()

    assert await desk.intake.count("work") == 0


async def test_a_company_is_asked_about_once_while_the_answer_is_good(desk: Desk) -> None:
    await desk.ask(desk.asks(kept_days=2))
    for name in ("ada", "bob"):
        await desk.lead(email=f"{name}@crumpet.org")
    await desk.work()
    asked = len(desk.provider.asked)

    desk.intake.clock.advance(seconds=2 * DAY + 1)
    await desk.lead(email="cy@crumpet.org")
    await desk.work()

    assert (asked, len(desk.provider.asked)) == (1, 2)
    assert len(await desk.said()) == 3


async def test_a_company_that_nobody_knows_is_not_asked_about_again_and_again(desk: Desk) -> None:
    unknown = counted("unknown")
    desk.provider.answers.clear()
    await desk.ask(desk.asks())
    for name in ("ada", "bob"):
        await desk.lead(email=f"{name}@crumpet.org")

    await desk.work()

    assert (len(desk.provider.asked), await desk.said()) == (1, [])
    assert counted("unknown") == unknown + 2


async def test_enriching_twice_says_it_once(desk: Desk) -> None:
    await desk.ask(desk.asks())
    await desk.lead()
    (work,) = await desk.intake.opened.fetch("select payload from work")
    await desk.work()

    async with desk.intake.opened.service.transactions.begin() as tx:
        tx.schedule_work("enrich-lead", work["payload"])
    await desk.work()

    assert len(await desk.said()) == 1
    assert await desk.intake.unaccounted() == 0


async def test_who_was_forgotten_is_not_asked_about(desk: Desk) -> None:
    await desk.ask(desk.asks())
    lead = await desk.lead()
    await desk.intake.client.delete(f"/v1/people/{lead['person_id']}", headers=desk.intake.admin)

    await desk.work()

    assert (desk.provider.asked, await desk.said()) == ([], [])
    assert await desk.intake.count("work") == 0


async def test_what_a_provider_calls_otherwise_is_found_by_its_path(desk: Desk) -> None:
    desk.provider.answers["/"] = Answer(
        body={"metrics": {"staff": "5,200"}, "codes": [{"system": "nace", "code": "10.71"}]}
    )
    fields = {"company_size": "metrics.staff", "industry_code": "codes[system=nace].code"}
    await desk.ask(desk.asks(fields=fields))
    await desk.lead()

    await desk.work()

    (said,) = await desk.said()
    assert said["traits"] == {"company_size": "5001-10000", "industry_code": "10.71"}


async def test_a_file_of_companies_is_read_and_read_again_when_it_changes(
    url: str, tmp_path: Path
) -> None:
    file = tmp_path / "companies.csv"
    file.write_text("domain,employees\ncrumpet.org,12\n")
    async with open_desk(url, enrichment_file=str(file)) as desk:
        await desk.ask({"name": "list", "kind": "file"})
        await desk.lead()
        await desk.work()
        file.write_text("domain,employees\ncrumpet.org,1200\n")
        os.utime(file, (1, 1))
        await desk.lead(email="bob@crumpet.org")
        await desk.work()

        sizes = [said["traits"]["company_size"] for said in await desk.said()]

    assert sizes == ["11-50", "1001-5000"]
    assert desk.provider.asked == []


async def test_what_a_lead_says_of_its_company_counts_first(desk: Desk) -> None:
    await desk.ask(desk.asks())
    await desk.lead(employees="1")

    await desk.work()

    (lead,) = await desk.intake.opened.fetch("select attributes from leads")
    assert lead["attributes"]["trait:company_size"] == "1"
    assert lead["attributes"]["trait:company_country"] == "GB"


async def test_providers_are_shown_without_their_keys(desk: Desk) -> None:
    await desk.ask(desk.asks(per_day=5))
    await desk.lead()
    await desk.work()

    shown = await desk.intake.get("/v1/enrichment/providers")

    (provider,) = shown.json()["providers"]
    assert (provider["has_api_key"], provider["asked_today"], provider["per_day"]) == (True, 1, 5)
    assert KEY not in shown.text
    (kept,) = await desk.intake.opened.fetch("select e::text as row from enrichment_providers e")
    (audit,) = await desk.intake.opened.fetch(
        "select who, new::text as new from audit_log where what = 'enrichment providers changed'"
    )
    assert KEY not in kept["row"] + audit["new"]
    assert CRUMPET["ceo"] not in str(await desk.said())
