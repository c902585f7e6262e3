"""When a prospect is offered, until when, and what it waits for when it is not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from baton.contracts.vocabulary import UnassignedReason
from sales_routing.domain.board import Placed, Unplaced
from sales_routing.domain.people import Person
from sales_routing.domain.prospect import Offer, OfferRole, Prospect, Waiting, moved

COMMIT_SECONDS: Final = 1
"""A rep sees an offer when it is committed, and that is so long after the decision at most."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """How long things may take."""

    accept_seconds: float
    manager_seconds: float
    card_wait_seconds: float
    retry_seconds: float

    def card_is_late_at(self, now: datetime) -> datetime:
        """When a prospect that was heard of now is offered without its card."""
        return now + timedelta(seconds=self.card_wait_seconds)

    def retry_at(self, now: datetime) -> datetime:
        """When a prospect that nobody can have now is tried again at the latest."""
        return now + timedelta(seconds=self.retry_seconds)


def is_ready(prospect: Prospect, person: Person, now: datetime) -> bool:
    """Whether a prospect may be offered now: it waits, and its card is there or is late."""
    match prospect.place:
        case Waiting(reason=UnassignedReason.WAITING_FOR_CARD, due_at=due_at):
            return person.has_card or due_at <= now
        case place:
            return isinstance(place, Waiting)


def offer_of(
    prospect: Prospect, placed: Placed, offer_id: str, *, now: datetime, clocks: Clocks
) -> Offer:
    """The offer that a decision leads to; its clock begins when it can be seen."""
    return Offer(
        id=offer_id,
        prospect_id=prospect.id,
        rep_id=placed.decision.rep_id,
        pool_id=placed.decision.pool_id,
        decision_number=placed.decision.number,
        role=placed.role,
        offered_at=now,
        deadline=now + timedelta(seconds=_seconds(placed, clocks) + COMMIT_SECONDS),
    )


def waiting_on(prospect: Prospect, unplaced: Unplaced, retry_at: datetime) -> tuple[Prospect, bool]:
    """The prospect, waiting until then, and whether the reason is news to others."""
    assert isinstance(prospect.place, Waiting)
    is_known = prospect.place.is_said and prospect.place.reason is unplaced.reason
    waiting = Waiting(unplaced.reason, retry_at, unplaced.pool_id, is_said=True)
    return moved(prospect, waiting), not is_known


def _seconds(placed: Placed, clocks: Clocks) -> float:
    if placed.role is OfferRole.FALLBACK_OWNER:
        return clocks.manager_seconds
    return clocks.accept_seconds if placed.accept_seconds is None else placed.accept_seconds
