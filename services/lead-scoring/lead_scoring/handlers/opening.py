"""Opening a casebook: the people of a batch are locked, and what is known of them is loaded."""

from collections.abc import Sequence

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.marketing import ActivityRetracted, LeadCaptured, PeopleMerged, PeopleUnmerged
from baton.transaction import Transaction
from lead_scoring.domain.facts import Retraction
from lead_scoring.domain.policy import Policy
from lead_scoring.handlers.casebook import Casebook
from lead_scoring.repository import activities, due, facts, leads, people, policies
from lead_scoring.repository.people import People


async def open_for(tx: Transaction, heard: Sequence[Event[Fact]]) -> Casebook:
    """Lock the people of a batch and load what is known of them."""
    named, merge_ids = _named(heard)
    retracting = sum(isinstance(event.data, ActivityRetracted) for event in heard)
    book = await open_people(tx, named, merge_ids, retracting=retracting)
    if any(_may_change_leads(event, book) for event in heard):
        await load_leads(book)
    return book


async def open_people(
    tx: Transaction, named: set[str], merge_ids: set[str], *, retracting: int = 0
) -> Casebook:
    """Lock these people and load what is known of them; their leads are not loaded yet."""
    await tx.lock_people(named)
    await facts.plan_anew(tx)
    policy = await policies.share_active(tx)
    book = Casebook(tx, policy, People(), {one: [] for one in named})
    known = await people.known_among(tx, named)
    if known or merge_ids:
        book.people.merges = await people.load_merges(tx, known, merge_ids)
        members = await _lock_kin(tx, book.people, named)
        await _load(book, sorted({*known, *members}), retracting=retracting)
    return book


async def _load(book: Casebook, person_ids: Sequence[str], *, retracting: int) -> None:
    tx = book.tx
    await people.load_words(tx, book.people, person_ids)
    for fact in await facts.load_of_people(tx, person_ids):
        book.hear(fact)
    for done in await activities.load_of_people(tx, person_ids, retracting=retracting):
        book.hear(done)
    book.due = await due.load(tx, person_ids)
    book.due_before = frozenset(book.due)


async def load_leads(book: Casebook) -> None:
    """Load the leads that may still move."""
    for lead in await leads.load_open(book.tx, sorted(book.facts)):
        book.remember(lead)


async def policies_of(book: Casebook) -> dict[int, Policy]:
    """The versions by which the leads of a casebook were decided, and the one that holds."""
    known = {book.policy.version: book.policy}
    versions = {lead.policy_version for ones in book.open.values() for lead in ones.values()}
    others = versions - known.keys()
    return known | await policies.load_many(book.tx, others) if others else known


def _may_change_leads(event: Event[Fact], book: Casebook) -> bool:
    """Whether leads that were decided before may have to move; a further one alone moves none."""
    if not isinstance(event.data, LeadCaptured):
        return True
    known = book.facts.get(event.key, ())
    return event.key in book.due or any(
        not isinstance(fact, Retraction) and fact.happened_at > event.happened_at for fact in known
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


async def _lock_kin(tx: Transaction, known: People, locked: set[str]) -> set[str]:
    """Lock everybody who is or was one with somebody in the batch; returns all their ids.

    Few people are merged, so this is rarely more than a look. What is locked here is locked out of
    order: a deadlock that comes of it is mended by trying the batch again.
    """
    while True:
        members = {one for merge in known.merges.values() for one in merge.member_ids}
        if members <= locked:
            return members
        locked |= members
        await tx.lock_people(members)
        known.merges = await people.load_merges(tx, locked, known.merges)
