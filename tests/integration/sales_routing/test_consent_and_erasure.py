"""Who does not want to be contacted is not offered, and who is to be forgotten is."""

from baton.contracts.envelope import Tombstone
from baton.contracts.marketing import ConsentChanged, ContactCard, PeopleMerged, PersonErased
from baton.contracts.topics import EVENT_TYPE_OF
from baton.contracts.vocabulary import ConsentPurpose
from baton.ids import new_id
from support.prospects import card, qualified
from support.sales_office import Office, at

CARD_SQL = "select given_name, email, phone, external_ids, card_version from people"


def refusal(person_id: str, version: int = 1) -> ConsentChanged:
    """They do not want to be contacted."""
    return ConsentChanged(person_id=person_id, granted=(ConsentPurpose.MARKETING,), version=version)


async def test_a_refusal_ends_the_open_pursuit(office: Office) -> None:
    (rep,) = await office.team(1)
    lead = qualified()
    await office.hear(card(lead.person_id))
    await office.hear(lead)

    await office.hear(refusal(lead.person_id))

    said = await office.last_said()
    assert (said["reason"], said.get("retry_at")) == ("withdrawn", None)
    assert (await office.prospect(lead.prospect_id))["state"] == "withdrawn"
    assert (await office.fetch("select open from reps where id = $1", rep.id))[0]["open"] == 0
    assert await office.unaccounted() == 0


async def test_a_refusal_that_came_first_keeps_an_older_lead_from_sales(office: Office) -> None:
    await office.team(1)
    lead = qualified()
    office.clock.advance(seconds=5)

    await office.hear(refusal(lead.person_id))
    await office.hear(lead)

    assert await office.said() == ["ProspectUnassigned"]
    assert (await office.prospect(lead.prospect_id))["state"] == "withdrawn"


async def test_a_lead_after_the_refusal_is_a_request_of_its_own(office: Office) -> None:
    await office.team(1)
    person_id = new_id()
    await office.hear(card(person_id))
    await office.hear(refusal(person_id))

    later = qualified(person_id, received_at=at(10))
    await office.hear(later)

    assert await office.said() == ["ProspectOffered"]


async def test_an_older_consent_changes_nothing(office: Office) -> None:
    await office.team(1)
    lead = qualified()
    await office.hear(card(lead.person_id))
    await office.hear(lead)
    granted = ConsentChanged(person_id=lead.person_id, granted=(ConsentPurpose.CONTACT,), version=3)

    await office.hear(granted)
    await office.hear(refusal(lead.person_id, version=2))

    assert (await office.prospect(lead.prospect_id))["state"] == "offered"


async def test_a_won_pursuit_stays_won_when_consent_goes(office: Office) -> None:
    lead = qualified()
    await office.hear(lead)
    await office.execute("update prospects set state = 'won'")

    await office.hear(refusal(lead.person_id))

    assert (await office.prospect(lead.prospect_id))["state"] == "won"


async def test_an_erased_person_leaves_numbers_and_nothing_else(office: Office) -> None:
    (rep,) = await office.team(1)
    lead = qualified()
    await office.hear(card(lead.person_id))
    await office.hear(lead)
    said_before = await office.said()

    await office.hear(PersonErased(person_id=lead.person_id))
    await office.hear(PersonErased(person_id=lead.person_id))
    await office.hear(card(lead.person_id, version=9))

    (row,) = await office.fetch(CARD_SQL)
    assert (row["given_name"], row["email"], row["phone"], row["external_ids"]) == (None,) * 4
    assert await office.said() == said_before
    assert (await office.prospect(lead.prospect_id))["state"] == "erased"
    assert (await office.fetch("select open from reps where id = $1", rep.id))[0]["open"] == 0
    assert await office.unaccounted() == 0


async def test_a_lead_of_an_erased_person_is_counted_and_never_offered(office: Office) -> None:
    await office.team(1)
    lead = qualified()

    await office.hear(PersonErased(person_id=lead.person_id))
    await office.hear(lead)

    assert await office.said() == []
    assert (await office.prospect(lead.prospect_id))["state"] == "erased"
    assert await office.unaccounted() == 0


async def test_erasing_one_of_two_merged_people_leaves_the_other_theirs(office: Office) -> None:
    await office.team(2)
    older, younger = qualified(), qualified(received_at=at(1))
    for lead in (older, younger):
        await office.hear(card(lead.person_id))
        await office.hear(lead)
        office.clock.advance(seconds=1)
    members = (older.person_id, younger.person_id)
    await office.hear(
        office.event(
            PeopleMerged(merge_id=new_id(), survivor_id=members[0], member_ids=members, version=1),
            key=members[0],
        )
    )

    await office.hear(PersonErased(person_id=older.person_id))

    assert (await office.prospect(older.prospect_id))["state"] == "erased"
    assert (await office.prospect(younger.prospect_id))["state"] == "offered"
    assert (await office.said())[-2:] == ["LeadJoined", "ProspectOffered"]
    assert await office.unaccounted() == 0


async def test_a_tombstone_blanks_the_card_and_an_old_card_stays_out(office: Office) -> None:
    person_id = new_id()
    await office.hear(card(person_id, version=2))
    tombstone = Tombstone(new_id(), EVENT_TYPE_OF[ContactCard], person_id, new_id(), at(0))

    await office.hear(tombstone)
    await office.hear(card(person_id, version=1))

    (row,) = await office.fetch(CARD_SQL)
    assert (row["given_name"], row["email"]) == (None, None)
