"""What scoring says: a lead is qualified and joins or opens a pursuit; a prospect is withdrawn."""

from collections.abc import Sequence

from baton.contracts.envelope import Event, Tombstone
from baton.contracts.fact import Fact
from baton.contracts.scoring import ProspectQualified, ProspectWithdrawn
from baton.contracts.vocabulary import UnassignedReason
from baton.errors import NotYet
from baton.transaction import Transaction
from sales_routing.domain.offering import Clocks
from sales_routing.domain.prospect import Lead, Prospect, Waiting, Withdrawn
from sales_routing.domain.pursuits import arrived, pursuit_behind
from sales_routing.domain.rules import Profile
from sales_routing.handlers import facts
from sales_routing.handlers.assign import assign
from sales_routing.handlers.desk import Desk, open_for_people
from sales_routing.handlers.ending import say_withdrawn, withdraw
from sales_routing.queries.books import REPEATED
from sales_routing.repository import prospects

ACTOR = "lead-scoring"


async def hear_prospects(
    events: Sequence[Event[Fact] | Tombstone], tx: Transaction, *, clocks: Clocks
) -> None:
    """Fold a batch into the pursuits of its people, then offer what was opened."""
    heard = [event for event in events if isinstance(event, Event)]
    desk = await open_for_people(tx, ACTOR, {event.key for event in heard})
    lead_ids = [event.data.lead_id for event in heard if isinstance(event.data, ProspectQualified)]
    known = await prospects.known_leads(tx, lead_ids)
    opened: dict[str, Event[Fact]] = {}
    for event in heard:
        match event.data:
            case ProspectQualified(lead_id=lead_id) if lead_id in known:
                tx.tally(REPEATED)
            case ProspectQualified() as data:
                known.add(data.lead_id)
                _qualified(desk, event, data, clocks)
                opened |= {data.prospect_id: event}
            case ProspectWithdrawn() as data:
                _withdrawn(desk, event, data)
            case _:
                pass
    asked = [(one, cause) for one, cause in opened.items() if one in desk.prospects]
    await assign(desk, asked, clocks)
    await desk.save()


def _qualified(desk: Desk, event: Event[Fact], data: ProspectQualified, clocks: Clocks) -> None:
    ids = desk.kin(data.person_id)
    people = [desk.person(person_id) for person_id in ids]
    arrival = arrived(_fresh(desk, event, data, clocks), desk.of(ids), people)
    for prospect in arrival.changed:
        desk.put(prospect)
        if isinstance(prospect.place, Withdrawn):
            say_withdrawn(desk, prospect, event)
    if arrival.joined is not None:
        joined = arrival.joined
        desk.say(facts.joined(joined.prospect, joined.lead_ids), event, lead_ids=joined.lead_ids)


def _withdrawn(desk: Desk, event: Event[Fact], data: ProspectWithdrawn) -> None:
    if desk.person(data.person_id).is_erased:
        return
    pursuit = pursuit_behind(data.prospect_id, desk.of(desk.kin(data.person_id)))
    if pursuit is None:
        raise NotYet(f"prospect {data.prospect_id} was not qualified here yet")
    withdraw(desk, pursuit, event)


def _fresh(desk: Desk, event: Event[Fact], data: ProspectQualified, clocks: Clocks) -> Prospect:
    lead = Lead(
        id=data.lead_id,
        person_id=data.person_id,
        home_id=data.prospect_id,
        proposed_id=data.prospect_id,
        received_at=data.received_at,
    )
    late_at = clocks.card_is_late_at(desk.tx.now)
    return Prospect(
        id=data.prospect_id,
        person_id=data.person_id,
        profile=_profile(data),
        opened_at=desk.tx.now,
        correlation_id=event.correlation_id,
        traceparent=event.traceparent,
        leads=(lead,),
        place=Waiting(UnassignedReason.WAITING_FOR_CARD, late_at),
    )


def _profile(data: ProspectQualified) -> Profile:
    return Profile(
        source_id=data.source_id,
        channel=data.channel,
        email_kind=data.email_kind,
        seniority=data.seniority,
        country=data.country,
        score=data.fit + data.engagement,
        traits=data.traits,
    )
