"""Marketing's pages in a real browser: each can be used, by eye, by ear and on a phone."""

from playwright.async_api import Browser

from browser.conftest import Looked
from support.browsers import Reader, reading


def pages(looked: Looked) -> list[str]:
    """Every page of intake, with what is behind them."""
    spring = looked.spring
    return [
        *("/", "/?live=1", "/live", "/live?what=lead&word=won", "/sources", "/sources/new"),
        *("/failed", "/imports", "/people", "/people/candidates", "/campaigns", "/channels"),
        *("/attribution?span=all", "/attribution?by=campaign&model=linear&since=2026-04-01"),
        *(f"/sources/{source.id}" for source in spring.sources.values()),
        *(f"/failed/{spring.failed_id}", f"/imports/{spring.import_id}"),
        *(f"/campaigns/{spring.campaign_id}", f"/leads/{spring.won['lead_id']}"),
        f"/people/{spring.won['person_id']}",
    ]


async def test_every_page_can_be_used_and_the_browser_has_nothing_to_complain_of(
    manager: Reader, looked: Looked
) -> None:
    faults = {}
    for path in pages(looked):
        await manager.visit(path)
        faults[path] = await manager.unusable()

    assert {path: found for path, found in faults.items() if found} == {}
    assert manager.faults == []


async def test_every_page_fits_a_phone(browser: Browser, looked: Looked) -> None:
    opened = looked.intake.opened
    async with reading(browser, opened, looked.address, "operator", width=390) as operator:
        faults = {}
        for path in pages(looked):
            await operator.visit(path)
            faults[path] = await operator.unusable()

    assert {path: found for path, found in faults.items() if found} == {}
    assert operator.faults == []


async def test_marketing_sees_no_page_that_says_whose_a_lead_is(
    browser: Browser, looked: Looked
) -> None:
    opened = looked.intake.opened
    async with reading(browser, opened, looked.address, "marketing") as marketing:
        said = {}
        for path in pages(looked):
            await marketing.visit(path)
            said[path] = await marketing.page.content()

    naming = ("ada0@crumpet.org", "Ada Invented", "ada at oven", "nobody,No")
    assert [(path, word) for path, text in said.items() for word in naming if word in text] == []


async def test_the_pages_are_reached_from_each_other(manager: Reader, looked: Looked) -> None:
    await manager.visit("/")
    navigation = manager.page.get_by_role("navigation", name="Pages")
    titles = await navigation.get_by_role("link").all_inner_texts()

    for title in titles:
        await navigation.get_by_role("link", name=title, exact=True).click()
        current = navigation.locator("[aria-current=page]")
        assert await current.inner_text() == title

    assert len(titles) == 9


async def test_a_number_leads_to_what_is_behind_it(manager: Reader, looked: Looked) -> None:
    await manager.visit("/")
    await manager.page.get_by_role("link", name="refused").first.click()
    await manager.page.get_by_role("link", name="must be an e-mail address").first.click()

    assert "What came" in await manager.text()
