"""Contact cards: kept while they are newest, forgotten at a tombstone; who waited is offered."""

from collections.abc import Sequence

from baton.contracts.envelope import Event, Tombstone
from baton.contracts.fact import Fact
from baton.contracts.marketing import ContactCard
from baton.transaction import Transaction
from sales_routing.domain.offering import Clocks
from sales_routing.handlers.assign import assign
from sales_routing.handlers.desk import Cause, open_for_prospects
from sales_routing.repository import people, waiting

ACTOR = "marketing-intake"


async def hear_contacts(
    events: Sequence[Event[Fact] | Tombstone], tx: Transaction, *, clocks: Clocks
) -> None:
    """Keep a batch of cards, then offer the prospects that waited for them."""
    await tx.lock_people({event.key for event in events})
    last = {event.key: event for event in events}
    newest: dict[str, ContactCard] = {}
    for event in events:
        if isinstance(event, Event) and isinstance(event.data, ContactCard):
            known = newest.get(event.key)
            if known is None or known.version < event.data.version:
                newest[event.key] = event.data
    await people.save_cards(tx, newest.values())
    forgotten = [one.key for one in last.values() if isinstance(one, Tombstone)]
    await people.forget_cards(tx, forgotten)
    owners = await waiting.for_cards_of(tx, newest)
    if owners:
        causes: dict[str, Cause] = {
            prospect_id: event
            for prospect_id, person_id in owners.items()
            if isinstance(event := last[person_id], Event)
        }
        desk = await open_for_prospects(tx, ACTOR, owners)
        await assign(desk, causes.items(), clocks)
        await desk.save()
