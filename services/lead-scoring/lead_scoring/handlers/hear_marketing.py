"""What intake says: leads are decided once; people act, merge, refuse, are forgotten."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from baton.contracts.envelope import Event, Tombstone
from baton.contracts.fact import Fact
from baton.contracts.marketing import (
    ActivityRecorded,
    ActivityRetracted,
    ConsentChanged,
    LeadCaptured,
    LeadEnriched,
    PeopleMerged,
    PeopleUnmerged,
    PersonErased,
)
from baton.transaction import Transaction
from lead_scoring.domain.facts import ActivityFact, Enrichment, LeadFact, PersonFact, Retraction
from lead_scoring.domain.people import Erasure
from lead_scoring.handlers import heard as reading
from lead_scoring.handlers.casebook import Casebook
from lead_scoring.handlers.companies import read_companies
from lead_scoring.handlers.deciding import Deciding
from lead_scoring.handlers.occasion import ALWAYS, Occasion
from lead_scoring.handlers.opening import open_for, policies_of
from lead_scoring.handlers.settling import Settling
from lead_scoring.queries import REPEATED
from lead_scoring.repository import activities, facts

OTHERS: Final = (ActivityRecorded, ActivityRetracted, LeadEnriched)
"""What is kept of people besides their leads."""


@dataclass(frozen=True, slots=True)
class News:
    """What of a batch was not known yet, by the ids of its events."""

    leads: dict[str, LeadFact]
    others: dict[str, PersonFact]


async def hear_marketing(events: Sequence[Event[Fact] | Tombstone], tx: Transaction) -> None:
    """Fold a batch into what is known of its people, and decide each lead that is new."""
    heard = [event for event in events if isinstance(event, Event)]
    book = await open_for(tx, heard)
    news = await _keep(book, heard)
    await read_companies(book, [*news.leads.values(), *news.others.values()])
    deciding = Deciding.by(book)
    settling = Settling(deciding, await policies_of(book))
    for event in heard:
        match event.data:
            case LeadCaptured() if event.id in news.leads:
                _decide(settling, event, news.leads[event.id])
            case LeadCaptured():
                tx.tally(REPEATED)
            case _ if event.id in news.others:
                _hear(settling, event, news.others[event.id])
            case data:
                _change(settling, event, data)
    await deciding.save()
    await book.save()


def _decide(settling: Settling, event: Event[Fact], fact: LeadFact) -> None:
    """A further lead: what time did before it is said before it, what it undoes after it."""
    deciding = settling.deciding
    book = deciding.book
    ids = book.kin(fact.person_id)
    if book.due:
        settling.pass_time(ids, event.happened_at, event)
    book.hear(fact)
    occasion = Occasion(event, event.happened_at, event.happened_at)
    deciding.decide(fact, ids, occasion)
    if fact.is_test:
        return
    if not book.has_one_lead(fact.person_id):
        for lead in book.leads_of(ids):
            if lead.moment > event.happened_at and lead.lead_id != fact.lead_id:
                settling.take_back(lead, ids, occasion)
    deciding.look_ahead(ids)


def _hear(settling: Settling, event: Event[Fact], fact: PersonFact) -> None:
    book = settling.deciding.book
    undoes_from = ALWAYS if isinstance(fact, Retraction) else event.happened_at
    occasion = Occasion(event, event.happened_at, undoes_from)
    settling.change((fact.person_id,), occasion, partial(book.hear, fact))


def _change(settling: Settling, event: Event[Fact], data: Fact) -> None:
    book = settling.deciding.book
    apply: Callable[[], None]
    undoes_from = None
    person_ids: tuple[str, ...] = (event.key,)
    match data:
        case ConsentChanged():
            apply = partial(book.hear_consent, reading.consent_of(event, data))
        case PeopleMerged():
            apply, person_ids = partial(book.hear_merge, reading.merge_of(data)), data.member_ids
        case PeopleUnmerged():
            apply, person_ids = partial(book.hear_merge, reading.merge_of(data)), data.member_ids
            undoes_from = ALWAYS
        case PersonErased():
            apply = partial(book.hear_erasure, Erasure(event.id, data.person_id))
        case _:
            return
    settling.change(person_ids, Occasion(event, event.happened_at, undoes_from), apply)


async def _keep(book: Casebook, heard: Sequence[Event[Fact]]) -> News:
    """Keep what was heard; what was known already is no news."""
    tx = book.tx
    leads = {
        event.id: reading.fact_of(event, event.data)
        for event in heard
        if isinstance(event.data, LeadCaptured)
    }
    fresh = await facts.keep(tx, leads.values())
    news = News({one: leads[one] for one in fresh}, {})
    if any(isinstance(event.data, OTHERS) for event in heard):
        await _keep_others(book, heard, news)
    return news


async def _keep_others(book: Casebook, heard: Sequence[Event[Fact]], news: News) -> None:
    known = {event.id: _other(event, event.data) for event in heard}
    done = [one for one in known.values() if isinstance(one, ActivityFact) and not one.is_machine]
    found = [one for one in known.values() if isinstance(one, Enrichment)]
    retracted = [one for one in known.values() if isinstance(one, Retraction)]
    fresh = await activities.keep(book.tx, done)
    fresh |= await activities.keep_enrichments(book.tx, found)
    # What is known not to have happened before it is heard of never counts.
    for one in await activities.load_retractions(book.tx, [one.activity_id for one in done]):
        book.hear(one)
    newly = await activities.keep_retractions(book.tx, retracted)
    fresh |= {one.event_id for one in retracted if one.activity_id in newly}
    news.others.update({key: one for key, one in known.items() if one and key in fresh})


def _other(event: Event[Fact], data: Fact) -> PersonFact | None:
    match data:
        case ActivityRecorded():
            return reading.activity_of(event, data)
        case ActivityRetracted():
            return reading.retraction_of(event, data)
        case LeadEnriched():
            return reading.enrichment_of(event, data)
        case _:
            return None
