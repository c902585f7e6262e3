"""What marketing does on its pages, in a real browser, and what becomes of it."""

import re

from playwright.async_api import FilePayload

from browser.conftest import Looked
from support.browsers import Reader
from support.invented_spring import refused


async def test_what_failed_is_mended_and_becomes_a_lead(manager: Reader, looked: Looked) -> None:
    shop = looked.spring.sources["Web shop"]
    failed_id = await refused(looked.intake, shop, "mended at crumpet")
    page = manager.page
    await manager.visit(f"/failed/{failed_id}")
    body = page.get_by_label("The body, to be mended")
    typed = await body.input_value()

    await body.fill(typed.replace("mended at", "still wrong at"))
    await page.get_by_role("button", name="Send it mended").click()
    told = await page.get_by_role("alert").inner_text()
    await body.fill(typed.replace("mended at crumpet", "mended@crumpet.org"))
    await page.get_by_role("button", name="Send it mended").click()
    await page.wait_for_url("**/leads/*")

    assert "email: must be an e-mail address" in told
    assert "mended@crumpet.org" in await manager.text()
    await manager.visit(f"/failed/{failed_id}")
    assert "It was mended" in await manager.text()


async def test_what_failed_is_given_up_for_a_reason(manager: Reader, looked: Looked) -> None:
    failed_id = await refused(looked.intake, looked.spring.sources["Hotline"], "given up")
    await manager.visit(f"/failed/{failed_id}")

    await manager.page.get_by_label("Why").fill("a joke")
    await manager.page.get_by_role("button", name="Give it up").click()
    await manager.page.get_by_role("status").wait_for()

    (row,) = await looked.intake.opened.fetch(
        "select status, new from payloads p join audit_log a on a.subject = p.id::text"
        " where p.id = $1",
        failed_id,
    )
    assert (row["status"], row["new"]) == ("discarded", {"why": "a joke"})


async def test_people_are_merged_after_a_look_and_parted_again(
    manager: Reader, looked: Looked
) -> None:
    shop, page = looked.spring.sources["Web shop"], manager.page
    twice = {"given_name": "Nora", "family_name": "Doubled"}
    first = await looked.intake.taken(shop, email="nora@crumpet.org", **twice)
    second = await looked.intake.taken(shop, email="nora@oven.org", **twice)

    await manager.visit("/people")
    await page.get_by_label("E-mail address or phone number").fill("Nora@crumpet.org")
    await page.get_by_role("button", name="Find").click()
    await page.wait_for_url(f"**/people/{first['person_id']}")
    await page.get_by_label("Merge with the id").fill(second["person_id"])
    await page.get_by_role("button", name="Look at what that makes").click()
    preview = await page.get_by_role("region", name="Both as one").inner_text()
    await page.get_by_role("button", name="Merge them").click()
    merged = await page.get_by_role("status").inner_text()
    await page.get_by_role("link", name="look at what that makes").click()
    await page.get_by_role("button", name="Take it back").click()
    parted = await page.get_by_role("status").inner_text()

    assert re.search(r"ids\s+2", preview)
    assert "They are one now" in merged
    assert "taken back" in parted
    assert "nora" not in " ".join(await page.evaluate("() => [location.href, document.referrer]"))


async def test_a_cost_is_added_with_the_keyboard_alone(manager: Reader, looked: Looked) -> None:
    page, keys = manager.page, manager.page.keyboard
    await manager.visit(f"/campaigns/{looked.spring.campaign_id}")

    await keys.press("Tab")
    await keys.press("Enter")  # past the navigation
    await page.get_by_label("Spent on").focus()
    while await page.evaluate("() => document.activeElement.name") != "amount":
        await keys.press("Tab")
    await keys.type("99.25")
    for _ in range(3):
        await keys.press("Tab")
    await keys.type("a banner")
    await keys.press("Enter")
    await page.get_by_role("status").wait_for()

    row = page.get_by_role("row").filter(has_text="a banner")
    assert "99.25 EUR" in await row.inner_text()


async def test_a_source_is_made_and_its_key_shown_once(manager: Reader, looked: Looked) -> None:
    page = manager.page
    await manager.visit("/sources/new")
    await page.get_by_label("Name").fill("Web shop")
    await page.get_by_role("button", name="Make it").click()
    told = await page.get_by_role("alert").inner_text()
    await page.get_by_label("Name").fill("Second shop")
    await page.get_by_role("button", name="Make it").click()
    key = (await page.get_by_role("region", name="Its key").inner_text()).partition("=")[2].strip()
    await page.get_by_role("link", name="To its page").click()
    shown = await page.content()
    await page.get_by_role("button", name="Close it").click()

    assert "of that name already" in told
    assert key.startswith("baton_")
    assert key not in shown
    assert "turned away" in await page.get_by_role("status").inner_text()


async def test_a_file_is_tried_and_then_sent(manager: Reader, looked: Looked) -> None:
    page = manager.page
    file = b"email,given_name\nzoe@fair.org,Zoe\nnobody,No\n"
    sent: FilePayload = {"name": "late.csv", "mimeType": "text/csv", "buffer": file}

    await manager.visit("/imports")
    await page.get_by_label("File up to").set_input_files([sent])
    await page.get_by_label("Only show how it would be read").check()
    await page.get_by_role("button", name="Send it").click()
    tried = await page.get_by_role("region", name="How it would be read").first.inner_text()
    await page.get_by_label("File up to").set_input_files([sent])
    await page.get_by_role("button", name="Send it").click()
    await page.wait_for_url("**/imports/*")

    assert "email: must be an e-mail address" in tried
    assert "waiting" in await manager.text()
