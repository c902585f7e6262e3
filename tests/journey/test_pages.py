"""The people's pages of the three services: who may see them, what they show, and to whom."""

import pytest

from baton.clock import HandClock
from baton.contracts.sales import DealClosed
from baton.contracts.vocabulary import LeadState
from baton.ids import new_id
from lead_scoring.handlers.policies import ensure_policy
from marketing_intake.web.overview import STATES
from support.facts import NOON
from support.intake_door import IntakeDoor
from support.open_services import OpenService
from support.prospects import qualified
from support.reading_pages import read, show, sign_in
from support.sales_door import Door, offered
from support.scoring_desk import Desk, a_lead, a_weak_lead

PERSON = {
    "email": "ada@example.org",
    "phone": "+12025550123",
    "given_name": "Ada",
    "family_name": "Invented",
    "company": "Crumpet & Sons",
}
NAMING = ("ada@example.org", "2025550123", "Invented")


async def decided(intake: IntakeDoor, **lead: object) -> dict[str, str]:
    """A lead that was won."""
    taken = await intake.taken(await intake.source(), **(PERSON | lead))
    await intake.hear(qualified(taken["person_id"], lead_id=taken["lead_id"], fit=30.0))
    deal = {
        "prospect_id": new_id(),
        "person_id": taken["person_id"],
        "lead_ids": (taken["lead_id"],),
        "rep_id": new_id(),
        "deal_id": "D-1",
        "version": 1,
        "outcome": "won",
        "reason": None,
        "amount": "1250.50",
        "currency": "EUR",
        "closed_at": NOON,
        "received_at": NOON,
    }
    await intake.hear(DealClosed.model_validate(deal))
    return taken


async def test_who_is_not_signed_in_is_sent_to_sign_in(opened: OpenService) -> None:
    answer = await opened.client.get("/")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2F")


@pytest.mark.parametrize("opened", ["intake", "scoring"], indirect=True)
async def test_pages_of_marketing_are_not_for_reps(opened: OpenService) -> None:
    await sign_in(opened, "rep")

    answer = await opened.client.get("/")

    assert answer.status_code == 403


@pytest.mark.parametrize("role", ["marketing", "manager", "operator"])
async def test_an_empty_service_has_a_page(opened: OpenService, role: str) -> None:
    await sign_in(opened, role)

    page = read(await show(opened))

    assert "yet" in page.text


async def test_a_page_loads_itself_again_only_for_who_asks(opened: OpenService) -> None:
    await sign_in(opened, "manager")

    still, live = await show(opened), await show(opened, "/?live=1")

    assert 'http-equiv="refresh"' not in still
    assert 'http-equiv="refresh"' in live


async def test_marketing_sees_what_became_of_a_lead_but_not_whose_it_is(
    intake: IntakeDoor,
) -> None:
    await decided(intake)
    await sign_in(intake.opened, "marketing")

    front = await show(intake.opened)

    assert not [word for word in NAMING if word in front]
    assert "a…@e….org" in front
    assert "1\N{NARROW NO-BREAK SPACE}250.50 EUR" in front


async def test_a_manager_sees_whose_a_lead_is(intake: IntakeDoor) -> None:
    await decided(intake)
    await sign_in(intake.opened, "manager")

    front = await show(intake.opened)

    assert "Ada Invented" in front
    assert "ada@example.org" in front


async def test_a_lead_has_a_page_with_its_way(intake: IntakeDoor) -> None:
    taken = await decided(intake)
    await sign_in(intake.opened, "marketing")

    page = await show(intake.opened, f"/leads/{taken['lead_id']}")

    assert not [word for word in NAMING if word in page]
    assert page.index("received") < page.index("ProspectQualified") < page.index("DealClosed")


async def test_a_lead_that_is_not_there_has_no_page(intake: IntakeDoor) -> None:
    await sign_in(intake.opened, "manager")

    answer = await intake.client.get(f"/leads/{new_id()}")

    assert answer.status_code == 404


async def test_leads_are_shown_by_state(intake: IntakeDoor) -> None:
    taken = await decided(intake)
    await sign_in(intake.opened, "manager")

    won, lost = await show(intake.opened, "/?state=won"), await show(intake.opened, "/?state=lost")

    assert taken["lead_id"] in won
    assert taken["lead_id"] not in lost


async def test_a_name_is_text_and_nothing_else(intake: IntakeDoor) -> None:
    await decided(intake, given_name="<script>alert(1)</script>")
    await sign_in(intake.opened, "manager")

    front = await show(intake.opened)

    assert "&lt;script&gt;" in front


def test_every_state_of_a_lead_has_its_place_on_the_page() -> None:
    assert sorted(STATES) == sorted(LeadState)


async def test_scoring_shows_the_line_and_why_leads_are_beyond_it(scoring: OpenService) -> None:
    desk = Desk(scoring.service.transactions, HandClock(NOON))
    async with scoring.service.transactions.begin() as tx:
        await ensure_policy(tx)
    await desk.hear(a_lead(new_id()), a_weak_lead(new_id()))
    await sign_in(scoring, "marketing")

    text = read(await show(scoring)).text

    assert "Default, version 1" in text
    assert "a business e-mail address" in text
    assert "missing: points" in text


async def test_routing_shows_prospects_and_what_reps_hold(door: Door, routing: OpenService) -> None:
    await door.office.team(1, capacity=4)
    await offered(door)
    await sign_in(routing, "manager")

    front = await show(routing)

    assert front.count("ines@example.test") == 2  # among the offers, and where it moved last
    assert "Rep 0" in front
    assert '<rect width="25.0" height="8"/>' in front


async def test_a_rep_sees_whom_they_have_accepted(door: Door, routing: OpenService) -> None:
    own = await door.office.rep(name="Rosa", sign_in="rep@example.test")
    await door.office.rules(await door.office.pool(own))
    lead, rep_id = await offered(door)
    await door.office.accept(lead.prospect_id, rep_id)
    await sign_in(routing, "rep")

    front = await show(routing)

    assert front.count("ines@example.test") == 1
