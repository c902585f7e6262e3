"""How a pursuit ends is kept once, repeated harmlessly, and corrected by a higher version."""

from dataclasses import replace
from decimal import Decimal

from baton.contracts.vocabulary import ClosureReason
from baton.errors import Conflict, NotFound, Refused
from baton.ids import new_id
from sales_routing.domain.outcomes import Disqualified, Lost, Report, Won
from sales_routing.repository.outcomes import Kept
from support.prospects import card, qualified
from support.sales_office import Office, at

WON = Report("deal-1", 1, Won(Decimal("1250.50"), "EUR"), at(-86400))


async def accepted(office: Office) -> tuple[str, str]:
    """A prospect that a rep has, and the rep."""
    (rep,) = await office.team(1, capacity=1)
    lead = qualified()
    await office.hear(card(lead.person_id))
    await office.hear(lead)
    await office.accept(lead.prospect_id, rep.id)
    return lead.prospect_id, rep.id


async def test_a_win_before_the_first_contact_is_kept_as_it_is(office: Office) -> None:
    prospect_id, rep_id = await accepted(office)

    kept = await office.report(prospect_id, WON)

    said = await office.last_said()
    assert kept == Kept(prospect_id, WON, rep_id, at(0))
    assert (said["outcome"], said["amount"], said["currency"]) == ("won", "1250.50", "EUR")
    assert (said["rep_id"], said["closed_at"]) == (rep_id, "2026-05-03T12:00:00Z")
    assert (await office.prospect(prospect_id))["state"] == "won"
    assert (await office.fetch("select open from reps"))[0]["open"] == 0


async def test_the_same_report_again_has_the_same_answer(office: Office) -> None:
    prospect_id, _ = await accepted(office)
    first = await office.report(prospect_id, WON)
    said_once = await office.said()

    office.clock.advance(seconds=5)
    again = await office.report(prospect_id, replace(WON, ending=Won(Decimal("1250.5"), "EUR")))

    assert again == first
    assert await office.said() == said_once


async def test_the_same_version_with_other_content_is_refused(office: Office) -> None:
    prospect_id, _ = await accepted(office)
    await office.report(prospect_id, WON)

    answer = await office.report(prospect_id, replace(WON, ending=Won(Decimal(99), "EUR")))

    assert isinstance(answer, Conflict)
    assert answer.kind == "version_conflict"


async def test_a_higher_version_corrects(office: Office) -> None:
    prospect_id, rep_id = await accepted(office)
    await office.report(prospect_id, WON)

    lost = replace(WON, version=3, ending=Lost(ClosureReason.PRICE))
    kept = await office.report(prospect_id, lost)

    said = await office.last_said()
    assert isinstance(kept, Kept)
    assert (await office.said())[-2:] == ["DealClosed", "OutcomeCorrected"]
    assert (said["outcome"], said["reason"], said["corrects_version"]) == ("lost", "price", 1)
    assert (said["rep_id"], said.get("amount")) == (rep_id, None)
    assert (await office.prospect(prospect_id))["state"] == "lost"
    assert await office.unaccounted() == 0


async def test_an_older_version_that_was_never_heard_is_refused(office: Office) -> None:
    prospect_id, _ = await accepted(office)
    await office.report(prospect_id, replace(WON, version=5))

    answer = await office.report(prospect_id, replace(WON, version=4))

    assert isinstance(answer, Conflict)
    assert answer.kind == "older_version"


async def test_another_deal_of_a_closed_prospect_is_refused(office: Office) -> None:
    prospect_id, _ = await accepted(office)
    await office.report(prospect_id, WON)

    answer = await office.report(prospect_id, replace(WON, deal_id="deal-2"))

    assert isinstance(answer, Conflict)
    assert answer.kind == "other_deal"


async def test_an_unknown_prospect_is_not_found(office: Office) -> None:
    assert isinstance(await office.report(new_id(), WON), NotFound)


async def test_a_closure_in_the_future_is_not_believed(office: Office) -> None:
    prospect_id, _ = await accepted(office)

    answer = await office.report(prospect_id, replace(WON, closed_at=at(3600)))

    assert isinstance(answer, Refused)
    assert answer.field == "closed_at"


async def test_what_was_only_offered_may_close_too(office: Office) -> None:
    await office.team(1)
    lead = qualified()
    await office.hear(card(lead.person_id))
    await office.hear(lead)

    await office.report(lead.prospect_id, replace(WON, ending=Disqualified(ClosureReason.FIT)))

    assert (await office.prospect(lead.prospect_id))["state"] == "disqualified"
    assert (await office.fetch("select state from offers"))[0]["state"] == "ended"


async def test_a_closure_makes_room_for_who_waits(office: Office) -> None:
    prospect_id, rep_id = await accepted(office)
    late = qualified()
    await office.hear(card(late.person_id))
    await office.hear(late)

    await office.report(prospect_id, WON)
    await office.tick()

    assert (await office.prospect(late.prospect_id))["rep_id"] == rep_id


async def test_after_closure_a_new_lead_opens_another_pursuit(office: Office) -> None:
    prospect_id, _ = await accepted(office)
    person_id = (await office.prospect(prospect_id))["person_id"]
    await office.report(prospect_id, WON)

    again = qualified(person_id, received_at=at(10))
    await office.hear(again)

    assert (await office.prospect(again.prospect_id))["state"] == "offered"
    assert (await office.prospect(prospect_id))["state"] == "won"
