"""What marketing says of people: consent, who is one with whom, and who is to be forgotten."""

from collections.abc import Iterable, Sequence

from baton.contracts.envelope import Event, Tombstone
from baton.contracts.fact import Fact
from baton.contracts.marketing import (
    ConsentChanged,
    PeopleMerged,
    PeopleUnmerged,
    PersonErased,
)
from baton.transaction import Transaction
from sales_routing.domain.offering import Clocks
from sales_routing.domain.people import Merge
from sales_routing.handlers.assign import assign
from sales_routing.handlers.desk import Desk, open_for_people
from sales_routing.handlers.refold import Refold

ACTOR = "marketing-intake"
EVENTS = (ConsentChanged, PeopleMerged, PeopleUnmerged, PersonErased)


async def hear_people(
    events: Sequence[Event[Fact] | Tombstone], tx: Transaction, *, clocks: Clocks
) -> None:
    """Fold a batch event by event, then offer what is open again."""
    heard = [one for one in events if isinstance(one, Event)]
    desk = await _open(tx, heard)
    refold = Refold(desk)
    for event in heard:
        match event.data:
            case ConsentChanged() as data:
                refold.consent(event, data)
            case PeopleMerged(merge_id=merge_id, version=version) as data:
                members = frozenset({*data.member_ids, data.survivor_id})
                refold.merge(event, Merge(merge_id, version, is_active=True, member_ids=members))
            case PeopleUnmerged(merge_id=merge_id, version=version) as data:
                members = frozenset(data.member_ids)
                refold.merge(event, Merge(merge_id, version, is_active=False, member_ids=members))
            case PersonErased(person_id=person_id):
                refold.erase(event, person_id)
            case _:
                pass
    await assign(desk, refold.reopened, clocks)
    await refold.save()


async def _open(tx: Transaction, heard: Iterable[Event[Fact]]) -> Desk:
    person_ids: set[str] = set()
    merge_ids: set[str] = set()
    for event in heard:
        person_ids.add(event.key)
        match event.data:
            case PeopleMerged(merge_id=merge_id, member_ids=member_ids) as data:
                person_ids |= {*member_ids, data.survivor_id}
                merge_ids.add(merge_id)
            case PeopleUnmerged(merge_id=merge_id, member_ids=member_ids):
                person_ids |= {*member_ids}
                merge_ids.add(merge_id)
            case _:
                pass
    return await open_for_people(tx, ACTOR, person_ids, merge_ids)
