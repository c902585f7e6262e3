"""What intake says: leads are decided, once; people merge, change their mind, are forgotten."""

from collections.abc import Sequence
from typing import Final

from baton.contracts.envelope import Event, Tombstone
from baton.contracts.fact import Fact
from baton.contracts.marketing import (
    ConsentChanged,
    LeadCaptured,
    PeopleMerged,
    PeopleUnmerged,
    PersonErased,
)
from baton.transaction import Transaction
from lead_scoring.domain.people import Erasure
from lead_scoring.handlers import sayings
from lead_scoring.handlers.casebook import Casebook
from lead_scoring.handlers.deciding import Deciding
from lead_scoring.queries import REPEATED
from lead_scoring.repository import facts, leads, people, policies
from lead_scoring.repository.people import People

CHANGES: Final = (ConsentChanged, PeopleMerged, PersonErased)
"""What may change the state of leads that are decided already."""


async def hear_marketing(events: Sequence[Event[Fact] | Tombstone], tx: Transaction) -> None:
    """Fold a batch into what is known of its people, and decide each lead that is new."""
    heard = [event for event in events if isinstance(event, Event)]
    casebook = await _open(tx, heard)
    captured = {
        event.id: sayings.fact_of(event, event.data)
        for event in heard
        if isinstance(event.data, LeadCaptured)
    }
    fresh = await facts.keep(tx, captured.values())
    deciding = Deciding.by(casebook)
    for event in heard:
        match event.data:
            case LeadCaptured() as data if event.id in fresh:
                deciding.decide(event, data, captured[event.id])
            case LeadCaptured():
                tx.tally(REPEATED)
            case data:
                _change(casebook, event, data)
    await deciding.save()
    await casebook.save()


def _change(casebook: Casebook, event: Event[Fact], data: Fact) -> None:
    match data:
        case ConsentChanged():
            casebook.hear_consent(sayings.consent_of(event, data))
            casebook.withdraw_refused((data.person_id,), event)
        case PeopleMerged():
            casebook.hear_merge(sayings.merge_of(data))
            casebook.withdraw_refused(data.member_ids, event)
        case PeopleUnmerged():
            casebook.hear_merge(sayings.merge_of(data))
        case PersonErased():
            casebook.hear_erasure(Erasure(event.id, data.person_id))
        case _:
            pass


async def _open(tx: Transaction, heard: Sequence[Event[Fact]]) -> Casebook:
    """Lock the people of a batch and load what is known of them."""
    named, merge_ids = _named(heard)
    await tx.lock_people(named)
    await facts.plan_anew(tx)
    policy = await policies.share_active(tx)
    known = People(await people.load_merges(tx, named, merge_ids))
    person_ids = await _lock_kin(tx, known, named)
    await people.load_words(tx, known, person_ids)
    has_changes = any(isinstance(event.data, CHANGES) for event in heard)
    return Casebook(
        tx,
        policy,
        known,
        facts=await facts.load_of_people(tx, person_ids),
        qualified=await leads.load_qualified(tx, person_ids) if has_changes else {},
    )


def _named(heard: Sequence[Event[Fact]]) -> tuple[set[str], set[str]]:
    """The people and the merges that a batch speaks of."""
    person_ids = {event.key for event in heard}
    merge_ids: set[str] = set()
    for event in heard:
        if isinstance(event.data, PeopleMerged | PeopleUnmerged):
            person_ids.update(event.data.member_ids)
            merge_ids.add(event.data.merge_id)
    return person_ids, merge_ids


async def _lock_kin(tx: Transaction, known: People, locked: set[str]) -> list[str]:
    """Lock everybody who is or was one with somebody in the batch; returns all their ids.

    Few people are merged, so this is rarely more than a look. What is locked here is locked out of
    order: a deadlock that comes of it is mended by trying the batch again.
    """
    while True:
        members = {one for merge in known.merges.values() for one in merge.member_ids}
        if members <= locked:
            return sorted(locked)
        locked |= members
        await tx.lock_people(members)
        known.merges = await people.load_merges(tx, locked, known.merges)
