"""People who turn out to be one have one pursuit; when that was wrong, each has their own again."""

from typing import Any

from baton.contracts.marketing import PeopleMerged, PeopleUnmerged
from baton.contracts.scoring import ProspectQualified
from baton.ids import new_id
from support.prospects import card, qualified
from support.sales_office import Office, at


async def two_pursuits(office: Office) -> tuple[ProspectQualified, ProspectQualified]:
    """Two people with an open pursuit each; the first is the older."""
    leads = (qualified(), qualified(received_at=at(1)))
    for lead in leads:
        await office.hear(card(lead.person_id))
        await office.hear(lead)
        office.clock.advance(seconds=1)
    return leads


def merged(*people: str, merge_id: str = "", version: int = 1) -> PeopleMerged:
    """These people are one."""
    return PeopleMerged(
        merge_id=merge_id or new_id(), survivor_id=people[0], member_ids=people, version=version
    )


def unmerged(merge: PeopleMerged) -> PeopleUnmerged:
    """They are not, after all."""
    return PeopleUnmerged(
        merge_id=merge.merge_id, member_ids=merge.member_ids, version=merge.version + 1
    )


async def say_to_each(office: Office, fact: PeopleMerged | PeopleUnmerged) -> None:
    """It is said once under each member's key."""
    for person_id in fact.member_ids:
        await office.hear(office.event(fact, key=person_id))


async def states(office: Office, *leads: ProspectQualified) -> list[str]:
    """The states of these prospects."""
    return [(await office.prospect(lead.prospect_id))["state"] for lead in leads]


async def prospect_of(office: Office, lead: ProspectQualified) -> Any:
    """The prospect that a lead is in."""
    sql = "select prospect_id from prospect_leads where lead_id = $1"
    return (await office.fetch(sql, lead.lead_id))[0]["prospect_id"]


async def test_the_oldest_keeps_its_holder_and_the_other_joins_it(office: Office) -> None:
    await office.team(2)
    older, younger = await two_pursuits(office)
    holder = (await office.prospect(older.prospect_id))["rep_id"]

    await say_to_each(office, merged(younger.person_id, older.person_id))

    said = await office.last_said()
    assert await states(office, older, younger) == ["offered", "superseded"]
    assert (await office.prospect(older.prospect_id))["rep_id"] == holder
    assert (await office.said())[2:] == ["LeadJoined"]
    assert said["prospect_id"] == older.prospect_id
    assert said["joined_lead_ids"] == [younger.lead_id]
    assert said["lead_ids"] == [older.lead_id, younger.lead_id]
    assert await office.unaccounted() == 0


async def test_the_superseded_offer_ends_and_takes_no_capacity(office: Office) -> None:
    await office.team(2)
    older, younger = await two_pursuits(office)
    loser = (await office.prospect(younger.prospect_id))["rep_id"]

    await say_to_each(office, merged(older.person_id, younger.person_id))

    sql = "select state from offers where prospect_id = $1"
    assert (await office.fetch(sql, younger.prospect_id))[0]["state"] == "ended"
    assert (await office.fetch("select open from reps where id = $1", loser))[0]["open"] == 0


async def test_an_accepted_pursuit_comes_back_with_its_holder(office: Office) -> None:
    await office.team(2)
    older, younger = await two_pursuits(office)
    rep_id = (await office.prospect(younger.prospect_id))["rep_id"]
    await office.accept(younger.prospect_id, rep_id)
    merge = merged(older.person_id, younger.person_id)
    await say_to_each(office, merge)
    merged_states = await states(office, older, younger)

    await say_to_each(office, unmerged(merge))

    assert merged_states == ["offered", "superseded"]
    assert await states(office, older, younger) == ["offered", "accepted"]
    assert (await office.said())[-2:] == ["LeadJoined", "ProspectAccepted"]
    assert await prospect_of(office, younger) == younger.prospect_id
    assert (await office.prospect(younger.prospect_id))["rep_id"] == rep_id
    opens = await office.fetch("select sum(open) as open from reps")
    assert opens[0]["open"] == 2


async def test_an_offered_pursuit_comes_back_and_is_offered_again(office: Office) -> None:
    await office.team(2)
    older, younger = await two_pursuits(office)
    merge = merged(older.person_id, younger.person_id)
    await say_to_each(office, merge)

    await say_to_each(office, unmerged(merge))

    assert await states(office, older, younger) == ["offered", "offered"]
    assert (await office.said())[-2:] == ["LeadJoined", "ProspectOffered"]


async def test_a_lead_that_came_during_the_merge_goes_where_it_was_captured(
    office: Office,
) -> None:
    await office.team(2)
    first = qualified()
    await office.hear(card(first.person_id))
    await office.hear(first)
    other_person = new_id()
    merge = merged(first.person_id, other_person)
    await say_to_each(office, merge)
    second = qualified(other_person, received_at=at(5))
    await office.hear(second)
    joined = await prospect_of(office, second)

    await office.hear(card(other_person))
    await say_to_each(office, unmerged(merge))

    assert joined == first.prospect_id
    assert await prospect_of(office, second) == second.prospect_id
    assert await states(office, first, second) == ["offered", "offered"]
    assert await office.unaccounted() == 0


async def test_a_merge_heard_after_its_end_changes_nothing(office: Office) -> None:
    await office.team(2)
    older, younger = await two_pursuits(office)
    merge = merged(older.person_id, younger.person_id)

    await office.hear(office.event(unmerged(merge), key=older.person_id))
    await say_to_each(office, merge)

    assert await states(office, older, younger) == ["offered", "offered"]


async def test_of_three_in_a_chain_one_goes_on_and_the_rest_follows(office: Office) -> None:
    await office.team(3)
    first, second = await two_pursuits(office)
    third = qualified(received_at=at(2))
    await office.hear(card(third.person_id))
    await office.hear(third)
    later = merged(second.person_id, third.person_id)
    await say_to_each(office, later)
    earlier = merged(first.person_id, second.person_id)
    await say_to_each(office, earlier)
    chained = await states(office, first, second, third)
    gathered = {await prospect_of(office, lead) for lead in (first, second, third)}

    await say_to_each(office, unmerged(earlier))

    assert chained == ["offered", "superseded", "superseded"]
    assert gathered == {first.prospect_id}
    assert await states(office, first, second, third) == ["offered", "offered", "superseded"]
    assert await prospect_of(office, third) == second.prospect_id
    assert await office.unaccounted() == 0


async def test_a_new_lead_of_either_joins_the_one_pursuit(office: Office) -> None:
    await office.team(2)
    older, younger = await two_pursuits(office)
    await say_to_each(office, merged(older.person_id, younger.person_id))

    again = qualified(younger.person_id, received_at=at(9))
    await office.hear(again)

    assert await prospect_of(office, again) == older.prospect_id
    assert (await office.last_said())["joined_lead_ids"] == [again.lead_id]


async def test_a_won_pursuit_stays_when_people_are_merged(office: Office) -> None:
    await office.team(2)
    older, younger = await two_pursuits(office)
    await office.execute("update prospects set state = 'won' where id = $1", older.prospect_id)

    await say_to_each(office, merged(older.person_id, younger.person_id))

    assert await states(office, older, younger) == ["won", "offered"]
