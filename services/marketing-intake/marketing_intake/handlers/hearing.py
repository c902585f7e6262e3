"""Hearing: what scoring and sales say becomes part of each lead's journey."""

from collections.abc import Collection, Iterator, Sequence
from typing import assert_never

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.sales import (
    DealClosed,
    DealProgressed,
    Handoff,
    LeadJoined,
    OfferExpired,
    ProspectAccepted,
    ProspectDeclined,
    ProspectOffered,
    ProspectUnassigned,
    RepDescribed,
)
from baton.contracts.scoring import LeadDisqualified, LeadNurtured, ProspectQualified
from baton.contracts.vocabulary import LeadState, Outcome, UnassignedReason
from baton.messaging.subscription import Heard
from baton.transaction import Transaction
from marketing_intake.domain.journey import Closure, Journey, ScoringWord, with_sales, with_scoring
from marketing_intake.handlers.pursuits import keep_pursuits
from marketing_intake.handlers.retractions import remember_effects
from marketing_intake.repository import journeys
from marketing_intake.repository.journeys import Step


async def hear_scoring(batch: Sequence[Heard], tx: Transaction) -> None:
    """Qualified, nurtured or disqualified: keep it with its score and reasons."""
    await _hear([event for event in batch if isinstance(event, Event)], tx)


async def hear_sales(batch: Sequence[Heard], tx: Transaction) -> None:
    """Every step of the hand-off, for every lead that the prospect speaks for."""
    events = [event for event in batch if isinstance(event, Event)]
    known = await _hear(events, tx)
    await keep_pursuits(events, known, tx)


async def hear_reps(batch: Sequence[Heard], tx: Transaction) -> None:
    """Who the reps are, as they are now."""
    facts = [event.data for event in batch if isinstance(event, Event)]
    latest = {rep.rep_id: rep for rep in facts if isinstance(rep, RepDescribed)}
    await journeys.save_reps(tx, [(rep.rep_id, rep.name, rep.team) for rep in latest.values()])


async def _hear(events: Sequence[Event[Fact]], tx: Transaction) -> Collection[str]:
    """Returns the ids of the leads that are known here."""
    pairs = [(event, lead_id) for event in events for lead_id in _lead_ids(event.data)]
    await tx.lock_people({event.key for event in events})
    known = await journeys.load(tx, {lead_id for _, lead_id in pairs})
    changed: dict[str, Journey] = {}
    steps: list[Step] = []
    for event, lead_id in pairs:
        # Leads of somebody who captured them elsewhere are nobody's here; there are none in one
        # installation, and a replayed log of another must not stop this one.
        journey = known.get(lead_id)
        if journey is None:
            continue
        known[lead_id] = changed[lead_id] = _after(event.data, journey)
        steps.append(Step(lead_id, event.id, event.type, event.happened_at, event.recorded_at))
    await journeys.save(tx, changed)
    await journeys.save_steps(tx, steps)
    await remember_effects(events, tx)
    return known.keys()


def _lead_ids(data: Fact) -> Iterator[str]:
    match data:
        case Handoff():
            yield from data.lead_ids
        case ProspectQualified() | LeadNurtured() | LeadDisqualified():
            yield data.lead_id
        case _:
            return


def _after(data: Fact, journey: Journey) -> Journey:
    match data:
        case ProspectQualified() | LeadNurtured() | LeadDisqualified():
            return with_scoring(journey, _scoring_word(data))
        case DealClosed():
            return with_sales(
                journey, _state_of(data.outcome), prospect_id=data.prospect_id, rep_id=data.rep_id,
                closure=_closure(data),
            )  # fmt: skip
        case Handoff():
            state, rep_id = _sales_word(data, journey)
            return with_sales(journey, state, prospect_id=data.prospect_id, rep_id=rep_id)
        case _:
            return journey


def _scoring_word(data: ProspectQualified | LeadNurtured | LeadDisqualified) -> ScoringWord:
    match data:
        case ProspectQualified():
            state, missing = LeadState.QUALIFIED, None
        case LeadNurtured():
            state, missing = LeadState.NURTURED, data.missing
        case LeadDisqualified():
            return ScoringWord(LeadState.DISQUALIFIED, data.policy_version)
        case _:
            assert_never(data)
    return ScoringWord(
        state=state,
        policy_version=data.policy_version,
        fit=data.fit,
        engagement=data.engagement,
        reasons=tuple(reason.model_dump() for reason in data.reasons),
        missing=missing,
    )


def _sales_word(data: Handoff, journey: Journey) -> tuple[LeadState, str | None]:
    match data:
        case ProspectOffered():
            return LeadState.OFFERED, data.rep_id
        case ProspectAccepted() | DealProgressed():
            return LeadState.ACCEPTED, data.rep_id
        case LeadJoined():
            return data.state, journey.rep_id
        case ProspectUnassigned():
            is_over = data.reason is UnassignedReason.WITHDRAWN
            return (LeadState.WITHDRAWN if is_over else LeadState.QUALIFIED), None
        case ProspectDeclined() | OfferExpired():
            return LeadState.QUALIFIED, None
        case _:
            return journey.sales_state or LeadState.QUALIFIED, journey.rep_id


def _state_of(outcome: Outcome) -> LeadState:
    return LeadState(outcome.value)


def _closure(data: DealClosed) -> Closure:
    return Closure(
        deal_id=data.deal_id,
        version=data.version,
        outcome=data.outcome,
        reason=data.reason,
        amount=data.amount,
        currency=data.currency,
        closed_at=data.closed_at,
    )
