"""A qualified lead becomes one pursuit with one holder."""

import pytest

from baton.contracts.scoring import ProspectWithdrawn
from baton.errors import NotYet
from baton.ids import new_id
from support.prospects import card, qualified
from support.sales_office import Office, at


async def test_a_prospect_with_a_card_is_offered_at_once(office: Office) -> None:
    (rep,) = await office.team(1)
    lead = qualified()
    await office.hear(card(lead.person_id))

    await office.hear(lead)

    assert await office.said() == ["ProspectOffered"]
    prospect = await office.prospect(lead.prospect_id)
    assert (prospect["state"], prospect["rep_id"]) == ("offered", rep.id)


async def test_a_prospect_without_a_card_is_offered_when_the_card_arrives(office: Office) -> None:
    await office.team(1)
    lead = qualified()

    await office.hear(lead)
    waiting = await office.prospect(lead.prospect_id)
    await office.hear(card(lead.person_id))

    assert (waiting["state"], waiting["reason"]) == ("waiting", "waiting_for_card")
    assert await office.said() == ["ProspectOffered"]


async def test_a_prospect_without_a_card_is_offered_after_a_short_wait(office: Office) -> None:
    await office.team(1)
    lead = qualified()
    await office.hear(lead)
    await office.tick()
    said_before = await office.said()

    office.clock.advance(seconds=2)
    await office.tick()

    assert said_before == []
    assert await office.said() == ["ProspectOffered"]


async def test_a_second_lead_joins_the_open_pursuit(office: Office) -> None:
    await office.team(1)
    first = qualified()
    second = qualified(first.person_id, received_at=at(1))
    await office.hear(card(first.person_id))

    await office.hear(first)
    await office.hear(second)

    assert await office.said() == ["ProspectOffered", "LeadJoined"]
    joined = await office.last_said()
    assert joined["prospect_id"] == first.prospect_id
    assert joined["lead_ids"] == [first.lead_id, second.lead_id]
    assert joined["joined_lead_ids"] == [second.lead_id]
    assert joined["state"] == "offered"


async def test_two_leads_of_one_batch_share_a_pursuit(office: Office) -> None:
    await office.team(1)
    first = qualified()
    await office.hear(card(first.person_id))

    await office.hear(first, qualified(first.person_id))

    assert await office.said() == ["LeadJoined", "ProspectOffered"]
    assert len((await office.last_said())["lead_ids"]) == 2


async def test_with_nobody_there_prospects_wait_for_a_named_reason(office: Office) -> None:
    lead = qualified()
    await office.hear(card(lead.person_id))

    await office.hear(lead)

    assert await office.said() == ["ProspectUnassigned"]
    said = await office.last_said()
    assert (said["reason"], said["retry_at"]) == ("no_rep", "2026-05-04T12:01:00Z")


async def test_the_same_reason_is_said_once(office: Office) -> None:
    lead = qualified()
    await office.hear(card(lead.person_id))
    await office.hear(lead)

    office.clock.advance(seconds=61)
    await office.tick()

    assert await office.said() == ["ProspectUnassigned"]


async def test_when_somebody_comes_the_oldest_is_offered_first(office: Office) -> None:
    leads = [qualified() for _ in range(3)]
    for lead in leads:
        await office.hear(card(lead.person_id))
        await office.hear(lead)
        office.clock.advance(seconds=1)

    (rep,) = await office.team(1, capacity=2)
    await office.tick()

    states = [(await office.prospect(lead.prospect_id))["state"] for lead in leads]
    assert states == ["offered", "offered", "waiting"]
    assert (await office.fetch("select open from reps where id = $1", rep.id))[0]["open"] == 2


async def test_a_withdrawn_prospect_is_nobodys(office: Office) -> None:
    (rep,) = await office.team(1)
    lead = qualified()
    await office.hear(card(lead.person_id))
    await office.hear(lead)

    withdrawal = ProspectWithdrawn(
        prospect_id=lead.prospect_id, person_id=lead.person_id, reason="no consent"
    )
    await office.hear(withdrawal)
    await office.hear(withdrawal)

    assert await office.said() == ["ProspectOffered", "ProspectUnassigned"]
    assert (await office.last_said())["reason"] == "withdrawn"
    assert (await office.fetch("select state from offers"))[0]["state"] == "ended"
    assert (await office.fetch("select open from reps where id = $1", rep.id))[0]["open"] == 0


async def test_a_withdrawal_finds_the_pursuit_that_its_lead_joined(office: Office) -> None:
    first = qualified()
    second = qualified(first.person_id)
    await office.hear(first, second)

    await office.hear(
        ProspectWithdrawn(
            prospect_id=second.prospect_id, person_id=second.person_id, reason="no consent"
        )
    )

    assert (await office.prospect(first.prospect_id))["state"] == "withdrawn"


async def test_a_withdrawal_of_the_unheard_waits(office: Office) -> None:
    withdrawal = ProspectWithdrawn(prospect_id=new_id(), person_id=new_id(), reason="no consent")

    with pytest.raises(NotYet):
        await office.hear(withdrawal)


async def test_hearing_everything_twice_changes_nothing(office: Office) -> None:
    await office.team(2)
    lead, other = qualified(), qualified()
    cards = [office.event(card(one.person_id)) for one in (lead, other)]
    events = [office.event(one) for one in (lead, other)]
    await office.hear(*cards)
    await office.hear(*events)
    said_once = await office.said()

    await office.hear(*cards)
    await office.hear(*events)

    assert await office.said() == said_once
    assert await office.unaccounted() == 0
