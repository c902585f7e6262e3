"""Double opt-in: only when its person has pressed a button is there a lead."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from support.opt_in import GIVEN, Office, open_office

HOUR = 3600


@pytest_asyncio.fixture
async def office(url: str) -> AsyncIterator[Office]:
    """A form that asks for a confirmation."""
    async with open_office(url) as opened:
        yield opened


async def test_nothing_is_said_before_the_person_has_confirmed(office: Office) -> None:
    answer = await office.form.submit(GIVEN)

    assert "open the link" in answer.text
    assert await office.form.states() == ["awaiting_opt_in"]
    assert await office.intake.said("LeadCaptured") == []
    assert await office.intake.said("ContactCard") == []
    rows = await office.intake.opened.fetch("select kind from identifiers")
    assert [row["kind"] for row in rows] == ["email"]
    assert await office.intake.unaccounted() == 0


async def test_opening_the_link_confirms_nothing(office: Office) -> None:
    link = await office.asked()

    pages = [await office.intake.client.get(link), await office.intake.client.head(link)]

    assert (pages[0].status_code, '<button type="submit">' in pages[0].text) == (200, True)
    assert pages[0].headers["referrer-policy"] == "no-referrer"
    assert await office.form.states() == ["awaiting_opt_in"]


async def test_pressing_the_button_makes_it_a_lead_of_that_day(office: Office) -> None:
    link = await office.asked()
    (before,) = await office.intake.opened.fetch("select * from leads")
    office.intake.clock.advance(seconds=30 * HOUR)

    status = await office.press(link)

    assert status == 200
    (after,) = await office.intake.opened.fetch("select * from leads")
    assert (after["own_state"], after["state"]) == ("captured", "captured")
    (said,) = await office.intake.said("LeadCaptured")
    assert said["data"]["lead_id"] == before["id"]
    assert said["data"]["consent"] == ["contact"]
    assert said["data"]["fields"] == ["email", "name", "phone"]
    received_at = datetime.fromisoformat(said["data"]["received_at"])
    assert received_at == before["received_at"] == after["happened_at"]
    (card,) = await office.intake.said("ContactCard")
    assert (card["data"]["given_name"], card["data"]["phone"]) == ("Ada", "+12025550173")
    rows = await office.intake.opened.fetch("select kind from identifiers order by kind")
    assert [row["kind"] for row in rows] == ["email", "phone&family_name"]
    assert await office.intake.unaccounted() == 0


async def test_the_proof_is_kept_and_the_draft_is_not(office: Office) -> None:
    link = await office.asked()

    await office.press(link)

    (row,) = await office.intake.opened.fetch("select * from opt_ins")
    assert (row["draft"], row["message"], row["how"]) == (None, "sent", "link")
    assert row["sent_at"] <= row["confirmed_at"]
    assert len(row["token_hash"]) == 32


async def test_pressing_twice_changes_nothing_more(office: Office) -> None:
    link = await office.asked()

    statuses = [await office.press(link), await office.press(link)]

    assert statuses == [200, 200]
    assert len(await office.intake.said("LeadCaptured")) == 1
    assert await office.intake.unaccounted() == 0


async def test_a_link_ends_after_two_days(office: Office) -> None:
    link = await office.asked()
    office.intake.clock.advance(seconds=48 * HOUR)

    page, status = await office.intake.client.get(link), await office.press(link)

    assert (page.status_code, status) == (410, 410)
    assert await office.form.states() == ["awaiting_opt_in"]


@pytest.mark.parametrize("change", ["", "x", "A"])
async def test_a_link_that_was_changed_confirms_nothing(office: Office, change: str) -> None:
    link = await office.asked()
    token = link.partition("token=")[2]
    changed = f"/f/confirm?token={change + token[len(change) + 1 :]}"

    page, status = await office.intake.client.get(changed), await office.press(changed)

    assert (page.status_code, status) == (410, 410)
    assert await office.form.states() == ["awaiting_opt_in"]


async def test_who_never_confirms_is_forgotten_and_stays_counted(office: Office) -> None:
    link = await office.asked()
    office.intake.clock.advance(seconds=timedelta(days=31).total_seconds())

    forgotten = [await office.forget_unconfirmed(), await office.forget_unconfirmed()]

    assert forgotten == [1, 0]
    assert await office.form.leads() == [("erased", None)]
    assert await office.press(link) == 410
    rows = await office.intake.opened.fetch("select body from payloads")
    assert [row["body"] for row in rows] == [None]
    assert await office.intake.count("identifiers") == 0
    assert await office.intake.said("PersonErased") == []
    assert await office.intake.unaccounted() == 0


async def test_somebody_who_is_known_otherwise_keeps_their_name(office: Office) -> None:
    await office.intake.taken(await office.intake.source())
    await office.asked()
    office.intake.clock.advance(seconds=timedelta(days=31).total_seconds())

    await office.forget_unconfirmed()

    assert sorted(await office.form.states()) == ["captured", "erased"]
    assert await office.intake.count("identifiers") == 1
    assert await office.intake.unaccounted() == 0


async def test_a_link_confirms_nothing_for_somebody_who_was_erased(office: Office) -> None:
    link = await office.asked()
    (person,) = await office.intake.opened.fetch("select id from people")
    gone = await office.intake.client.delete(
        f"/v1/people/{person['id']}", headers=office.intake.admin
    )

    status = await office.press(link)

    assert (gone.status_code, status) == (204, 410)
    assert await office.intake.said("LeadCaptured") == []
    (row,) = await office.intake.opened.fetch("select draft from opt_ins")
    assert row["draft"] is None
    assert await office.intake.unaccounted() == 0


async def test_who_is_confirmed_joins_whom_we_know(office: Office) -> None:
    known = await office.intake.taken(await office.intake.source())
    link = await office.asked()

    await office.press(link)

    assert {fact["key"] for fact in await office.intake.said("LeadCaptured")} == {
        known["person_id"]
    }
    assert [card["data"]["version"] for card in await office.intake.said("ContactCard")] == [1, 2]
