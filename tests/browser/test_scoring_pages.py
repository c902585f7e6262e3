"""Scoring's pages in a real browser: the line is drafted, compared, published and rolled back."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from support.browsers import Reader, reading, served
from support.databases import Templates
from support.invented_line import Line, invented_line
from support.scoring_diffs import diff_once
from support.scoring_rescoring import rescore, rescore_once

TEXT = 'name = "Typed"\n\n[line]\npoints = 5\n'


@pytest_asyncio.fixture
async def line(templates: Templates) -> AsyncIterator[Line]:
    """Scoring with people in it."""
    async with invented_line(templates) as one:
        yield one


@pytest_asyncio.fixture
async def manager(browser: Browser, line: Line) -> AsyncIterator[Reader]:
    """Somebody who may draw the line."""
    async with (
        served(line.opened.service.app) as address,
        reading(browser, line.opened, address, "manager") as reader,
    ):
        yield reader


def pages(line: Line) -> list[str]:
    """Every page of scoring, with what is behind them."""
    policy = f"/policies/{line.version}"
    return [
        *("/", "/?live=1", "/?until=2026-05-01", "/people", "/policies", "/policies/new"),
        *(f"/people/{line.person_id}", policy, "/policies/1", f"{policy}/publish"),
        *(f"/policies/new?from={line.version}", f"/diffs/{line.diff_id}"),
        f"/diffs/{line.diff_id}?side=no_longer",
    ]


async def test_every_page_can_be_used_and_the_browser_has_nothing_to_complain_of(
    manager: Reader, line: Line
) -> None:
    faults = {}
    for path in pages(line):
        await manager.visit(path)
        faults[path] = await manager.unusable()

    assert {path: found for path, found in faults.items() if found} == {}
    assert manager.faults == []


async def test_every_page_fits_a_phone(browser: Browser, line: Line) -> None:
    async with (
        served(line.opened.service.app) as address,
        reading(browser, line.opened, address, "manager", width=390) as manager,
    ):
        faults = {}
        for path in pages(line):
            await manager.visit(path)
            faults[path] = await manager.unusable()

    assert {path: found for path, found in faults.items() if found} == {}


async def test_the_line_is_drafted_compared_published_and_rolled_back(
    manager: Reader, line: Line
) -> None:
    page = manager.page
    await manager.visit("/policies/new")
    typed = page.get_by_label("The policy")

    await typed.fill(TEXT)
    await page.get_by_role("button", name="Keep it as a draft").click()
    told = await page.get_by_role("alert").inner_text()
    await typed.fill(TEXT.replace("= 5", "= 0"))
    await page.get_by_role("button", name="Only check it").click()
    checked = await page.get_by_role("status").inner_text()
    changes = await page.locator("ins").all_inner_texts()
    await page.get_by_role("button", name="Keep it as a draft").click()
    await page.get_by_role("button", name="Compare it with version 1").click()
    waiting = await manager.text()
    while await diff_once(line.desk, limit=10) == 10:
        pass
    await page.get_by_role("link", name="Load again").click()
    compared = await page.get_by_role("region", name="By source").first.inner_text()
    await page.get_by_role("link", name="Back to the policy").click()
    await page.get_by_role("link", name="Publish it").click()
    asked = await manager.text()
    await page.get_by_role("button", name="Publish it").click()
    await rescore_once(line.desk, limit=5)
    await page.get_by_role("link", name="Load again").click()
    half = await page.get_by_role("region", name="Scored anew").inner_text()
    await rescore(line.desk)
    await manager.visit("/policies/1")
    await page.get_by_role("link", name="Roll back to it").click()
    await page.get_by_role("button", name="Roll back to it").click()
    back = await page.get_by_role("heading", level=1).inner_text()

    assert "Line 4, line.points: nobody can reach it" in told
    assert "Nothing is wrong" in checked
    assert any('name = "Typed"' in one for one in changes)
    assert "waiting" in waiting
    assert "Spring fair <2026>" in compared
    assert "1 250.50 EUR" in compared.replace("\u202f", " ")
    assert "Newly beyond the line" in asked
    assert "5 of" in half
    assert "active" in back


async def test_a_persons_score_is_found_with_its_reasons_and_history(
    manager: Reader, line: Line
) -> None:
    page = manager.page
    await manager.visit("/people")

    await page.get_by_label("Id as").fill(line.person_id)
    await page.get_by_role("button", name="Show").click()
    await page.get_by_role("heading", name="History").wait_for()

    why = await page.get_by_role("region", name="Why, now").first.inner_text()
    history = await page.get_by_role("region", name="History").first.inner_text()
    assert "clicked" in why
    assert "nurtured" in history


async def test_a_draft_is_kept_with_the_keyboard_alone(manager: Reader, line: Line) -> None:
    page, keys = manager.page, manager.page.keyboard
    await manager.visit("/policies/new")

    await keys.press("Tab")
    await keys.press("Enter")  # past the navigation
    while await page.evaluate("() => document.activeElement.name") != "text":
        await keys.press("Tab")
    await keys.press("Control+a")
    await keys.type('name = "By keys"\n[line]\npoints = 0\n')
    await keys.press("Tab")
    await keys.press("Enter")
    await page.get_by_role("status").wait_for()

    assert "By keys" in await page.get_by_role("heading", level=1).inner_text()


async def test_marketing_may_propose_a_line_and_only_a_manager_draws_it(
    browser: Browser, line: Line
) -> None:
    path = f"/policies/{line.version}"
    async with (
        served(line.opened.service.app) as address,
        reading(browser, line.opened, address, "marketing") as marketing,
        reading(browser, line.opened, address, "operator") as operator,
    ):
        await marketing.visit(path)
        shown = await marketing.text()
        answers = [
            await marketing.page.goto(f"{address}{path}/publish"),
            await operator.page.goto(f"{address}/policies/new"),
        ]
        await operator.visit(path)

    assert "Draft one from this" in shown
    assert "Publish it" not in shown
    assert [one.status for one in answers if one] == [403, 403]
