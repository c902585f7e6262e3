"""One rep is asked at a time, until a deadline, and never the same one again."""

import asyncio
from datetime import datetime

import pytest

from baton.contracts.scoring import ProspectQualified
from baton.errors import Conflict, NotFound
from baton.ids import new_id
from sales_routing.domain.prospect import Prospect
from support.prospects import card, qualified
from support.sales_office import CLOCKS, Office


async def offered(office: Office) -> tuple[ProspectQualified, str]:
    """A prospect that was offered, and the rep who was asked."""
    lead = qualified()
    await office.hear(card(lead.person_id))
    await office.hear(lead)
    prospect = await office.prospect(lead.prospect_id)
    return lead, prospect["rep_id"]


async def test_a_rep_accepts(office: Office) -> None:
    await office.team(1)
    lead, rep_id = await offered(office)

    answer = await office.accept(lead.prospect_id, rep_id)

    assert isinstance(answer, Prospect)
    assert await office.said() == ["ProspectOffered", "ProspectAccepted"]
    assert (await office.prospect(lead.prospect_id))["state"] == "accepted"


async def test_of_two_accepts_at_once_one_is_told_what_holds(office: Office) -> None:
    await office.team(1)
    lead, rep_id = await offered(office)

    answers = await asyncio.gather(
        office.accept(lead.prospect_id, rep_id), office.accept(lead.prospect_id, rep_id)
    )

    refused = [one for one in answers if isinstance(one, Conflict)]
    assert len(refused) == 1
    assert f"accepted by rep {rep_id}" in refused[0].message
    assert await office.said() == ["ProspectOffered", "ProspectAccepted"]


async def test_another_rep_can_not_accept(office: Office) -> None:
    await office.team(1)
    lead, _ = await offered(office)

    answer = await office.accept(lead.prospect_id, new_id())

    assert isinstance(answer, Conflict)
    assert answer.kind == "offered_to_another"


async def test_an_accept_of_an_unknown_prospect_is_not_found(office: Office) -> None:
    answer = await office.accept(new_id(), new_id())

    assert isinstance(answer, NotFound)


async def test_an_accept_after_the_deadline_is_refused_even_before_the_timer(
    office: Office,
) -> None:
    await office.team(1)
    lead, rep_id = await offered(office)
    await office.tick()

    for _ in range(151):
        office.clock.advance(seconds=4)
        await office.beat()
    answer = await office.accept(lead.prospect_id, rep_id)

    assert isinstance(answer, Conflict)
    assert answer.kind == "offer_expired"


async def test_a_declined_prospect_goes_to_the_next_one(office: Office) -> None:
    await office.team(2)
    lead, first = await offered(office)

    await office.decline(lead.prospect_id, first)

    prospect = await office.prospect(lead.prospect_id)
    assert await office.said() == ["ProspectOffered", "ProspectDeclined", "ProspectOffered"]
    assert prospect["rep_id"] != first
    assert prospect["tried"] == [first]


async def test_silence_passes_it_on_when_the_deadline_is_over(office: Office) -> None:
    await office.team(2)
    lead, first = await offered(office)

    await office.live(CLOCKS.accept_seconds)
    said_in_time = await office.said()
    await office.live(2)

    assert said_in_time == ["ProspectOffered"]
    assert await office.said() == ["ProspectOffered", "OfferExpired", "ProspectOffered"]
    assert (await office.prospect(lead.prospect_id))["rep_id"] != first


async def test_after_a_full_round_the_fallback_owner_has_it(office: Office) -> None:
    manager = await office.rep(name="Mia Manager")
    reps = [await office.rep(name=f"Rep {n}") for n in range(2)]
    await office.rules(await office.pool(*reps), manager)
    lead, first = await offered(office)
    await office.decline(lead.prospect_id, first)
    second = (await office.prospect(lead.prospect_id))["rep_id"]

    await office.decline(lead.prospect_id, second)

    offer = (await office.fetch("select rep_id, role, deadline from offers where state = 'open'"))[
        0
    ]
    assert {first, second} == {rep.id for rep in reps}
    assert (offer["rep_id"], offer["role"]) == (manager.id, "fallback_owner")
    assert seconds_until(office, offer["deadline"]) == CLOCKS.manager_seconds + 1


async def test_the_fallback_owner_can_not_decline_and_keeps_it_when_silent(
    office: Office,
) -> None:
    manager = await office.rep(name="Mia Manager")
    (rep,) = [await office.rep()]
    await office.rules(await office.pool(rep), manager)
    lead, first = await offered(office)
    await office.decline(lead.prospect_id, first)

    with pytest.raises(Conflict, match="fallback owner"):
        await office.decline(lead.prospect_id, manager.id)
    await office.live(CLOCKS.manager_seconds + 2)

    prospect = await office.prospect(lead.prospect_id)
    assert (prospect["state"], prospect["rep_id"]) == ("offered", manager.id)
    assert (await office.said())[-2:] == ["OfferExpired", "ProspectOffered"]


async def test_without_a_fallback_owner_it_waits_for_somebody_new(office: Office) -> None:
    (rep,) = await office.team(1)
    lead, _ = await offered(office)

    await office.decline(lead.prospect_id, rep.id)
    waiting = await office.prospect(lead.prospect_id)
    newcomer = await office.rep(name="Newcomer")
    await office.change_members(rep, newcomer)
    await office.tick()

    assert (waiting["state"], waiting["reason"]) == ("waiting", "no_rep")
    assert (await office.prospect(lead.prospect_id))["rep_id"] == newcomer.id


async def test_room_that_a_decline_makes_is_given_to_who_waits(office: Office) -> None:
    await office.team(2, capacity=1)
    leads = [await offered(office) for _ in range(2)]
    late = qualified()
    await office.hear(card(late.person_id))
    await office.hear(late)
    waiting = await office.prospect(late.prospect_id)

    await office.decline(leads[0][0].prospect_id, leads[0][1])
    await office.tick()

    assert (waiting["state"], waiting["reason"]) == ("waiting", "no_capacity")
    assert (await office.prospect(late.prospect_id))["rep_id"] == leads[0][1]
    assert (await office.prospect(leads[0][0].prospect_id))["reason"] == "no_capacity"


async def test_deadlines_stand_still_while_nobody_can_answer(office: Office) -> None:
    await office.team(2)
    lead, rep_id = await offered(office)
    await office.tick()
    before = await deadline(office)

    office.clock.advance(seconds=3 * CLOCKS.accept_seconds)
    await office.expire()
    said_while_dead = await office.said()
    await office.tick()
    await office.tick()

    assert said_while_dead == ["ProspectOffered"]
    assert (await deadline(office) - before).total_seconds() == 3 * CLOCKS.accept_seconds
    answer = await office.accept(lead.prospect_id, rep_id)
    assert isinstance(answer, Prospect)
    beat = (await office.fetch("select standstills, shifted_deadlines from heartbeat"))[0]
    assert beat == {"standstills": 1, "shifted_deadlines": 1}


async def test_the_books_close_after_all_that(office: Office) -> None:
    await office.team(3, capacity=2)
    for _ in range(8):
        lead = qualified()
        await office.hear(card(lead.person_id))
        await office.hear(lead)
    await office.live(CLOCKS.accept_seconds + 2)

    balanced = await office.unaccounted()
    await office.execute(
        "delete from prospect_leads where ctid = (select min(ctid) from prospect_leads)"
    )

    assert balanced == 0
    assert await office.unaccounted() == 1


async def deadline(office: Office) -> datetime:
    """The deadline of the one open offer."""
    found: datetime = (await office.fetch("select deadline from offers where state = 'open'"))[0][
        "deadline"
    ]
    return found


def seconds_until(office: Office, moment: datetime) -> float:
    """How far away a moment is."""
    return (moment - office.clock.now()).total_seconds()
