"""A qualified lead becomes one pursuit with one holder."""

from baton.contracts.marketing import ContactCard
from baton.contracts.scoring import ProspectWithdrawn
from baton.ids import new_id

from .conftest import Office
from .people import card, qualified


async def test_a_prospect_with_a_card_is_offered_at_once(office: Office) -> None:
    (rep,) = await office.team(1)
    lead = qualified()
    await office.hear(card(lead.person_id))

    await office.hear(lead)

    assert await office.said() == ["ProspectOffered"]
    prospect = await office.prospect(lead.prospect_id)
    assert (prospect["state"], prospect["rep_id"]) == ("offered", rep.id)
    assert await office.unaccounted() == 0
