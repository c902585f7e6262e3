"""A prospect: one pursuit of a person by sales, where it stands, and which moves are allowed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from baton.contracts.vocabulary import DealStage, LeadState, Outcome, UnassignedReason
from sales_routing.domain.impossible import ForbiddenMove
from sales_routing.domain.rules import Profile


class ProspectState(StrEnum):
    """Where a prospect is; it is always in exactly one state."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    WON = "won"
    LOST = "lost"
    DISQUALIFIED = "disqualified"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    ERASED = "erased"


CLOSED: Final = frozenset({ProspectState.WON, ProspectState.LOST, ProspectState.DISQUALIFIED})
OPEN: Final = frozenset({ProspectState.WAITING, ProspectState.OFFERED, ProspectState.ACCEPTED})
_ENDINGS: Final = CLOSED | {
    ProspectState.WITHDRAWN,
    ProspectState.SUPERSEDED,
    ProspectState.ERASED,
}
MOVES: Final[Mapping[ProspectState, frozenset[ProspectState]]] = {
    # Waiting on: for another reason, until another clock.
    ProspectState.WAITING: _ENDINGS | {ProspectState.OFFERED, ProspectState.WAITING},
    ProspectState.OFFERED: _ENDINGS | {ProspectState.ACCEPTED, ProspectState.WAITING},
    ProspectState.ACCEPTED: _ENDINGS,
    # A correction may change how it ended, and keeps it ended.
    ProspectState.WON: CLOSED | {ProspectState.ERASED},
    ProspectState.LOST: CLOSED | {ProspectState.ERASED},
    ProspectState.DISQUALIFIED: CLOSED | {ProspectState.ERASED},
    ProspectState.WITHDRAWN: frozenset({ProspectState.ERASED}),
    # A merge that is taken back gives back what was superseded.
    ProspectState.SUPERSEDED: frozenset(
        {
            ProspectState.WAITING,
            ProspectState.ACCEPTED,
            ProspectState.WITHDRAWN,
            ProspectState.SUPERSEDED,
            ProspectState.ERASED,
        }
    ),
    ProspectState.ERASED: frozenset(),
}
LEAD_STATES: Final[Mapping[ProspectState, LeadState]] = {
    ProspectState.WAITING: LeadState.QUALIFIED,
    ProspectState.OFFERED: LeadState.OFFERED,
    ProspectState.ACCEPTED: LeadState.ACCEPTED,
    ProspectState.WON: LeadState.WON,
    ProspectState.LOST: LeadState.LOST,
    ProspectState.DISQUALIFIED: LeadState.DISQUALIFIED,
    ProspectState.WITHDRAWN: LeadState.WITHDRAWN,
    ProspectState.ERASED: LeadState.ERASED,
}
"""What a prospect's state means for its leads. A superseded one has none: they are elsewhere."""


class OfferRole(StrEnum):
    """As what a rep was asked."""

    MEMBER = "member"
    FALLBACK_OWNER = "fallback_owner"


class OfferState(StrEnum):
    """What became of an offer."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Offer:
    """One rep is asked to take a prospect, until a deadline."""

    id: str
    prospect_id: str
    rep_id: str
    pool_id: str
    decision_number: int
    role: OfferRole
    offered_at: datetime
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nobody holds it, for a reason, until a clock; `is_said` when others were told the reason."""

    reason: UnassignedReason
    due_at: datetime
    pool_id: str | None = None
    is_said: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """One rep is asked."""

    offer: Offer


@dataclass(frozen=True, slots=True)
class Accepted:
    """One rep has it; the offer says since when and why."""

    offer: Offer


Open = Waiting | Offered | Accepted


@dataclass(frozen=True, slots=True)
class Closed:
    """It ended with an outcome; `rep_id` is who held it then."""

    outcome: Outcome
    rep_id: str | None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """It was taken back; nobody may go on with it."""


@dataclass(frozen=True, slots=True)
class Superseded:
    """Its person turned out to be another's; that one's pursuit goes on, this one is remembered."""

    by_id: str
    before: Open


@dataclass(frozen=True, slots=True)
class Erased:
    """Its person is forgotten; the row stays so that the books close."""


Place = Open | Closed | Withdrawn | Superseded | Erased


@dataclass(frozen=True, slots=True)
class Lead:
    """A qualified lead. `home_id` is the prospect it is in when no people are merged."""

    id: str
    person_id: str
    home_id: str
    proposed_id: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Prospect:
    """One pursuit. `leads` are those that it speaks for now, oldest first."""

    id: str
    person_id: str
    profile: Profile
    opened_at: datetime
    correlation_id: str
    traceparent: str | None
    leads: tuple[Lead, ...]
    place: Place
    tried: tuple[str, ...] = ()
    stage: DealStage | None = None

    @property
    def state(self) -> ProspectState:
        """The word for where it is."""
        return state_of(self.place)

    @property
    def lead_ids(self) -> tuple[str, ...]:
        """The ids of the leads that it speaks for."""
        return tuple(lead.id for lead in self.leads)

    @property
    def received_at(self) -> datetime:
        """Its age: when the oldest of its leads was received; it is never made younger."""
        return min((lead.received_at for lead in self.leads), default=self.opened_at)

    @property
    def asked_at(self) -> datetime:
        """When the person asked last: when the newest of its leads was received."""
        return max((lead.received_at for lead in self.leads), default=self.opened_at)


def state_of(place: Place) -> ProspectState:  # noqa: PLR0911 one for each case
    """The word for a place."""
    match place:
        case Waiting():
            return ProspectState.WAITING
        case Offered():
            return ProspectState.OFFERED
        case Accepted():
            return ProspectState.ACCEPTED
        case Closed(outcome=outcome):
            return ProspectState(outcome.value)
        case Withdrawn():
            return ProspectState.WITHDRAWN
        case Superseded():
            return ProspectState.SUPERSEDED
        case Erased():
            return ProspectState.ERASED


def moved(prospect: Prospect, place: Place) -> Prospect:
    """The prospect at another place. Raises `ForbiddenMove` when the table has no such way."""
    before, after = prospect.state, state_of(place)
    if after not in MOVES[before]:
        raise ForbiddenMove(prospect.id, before, after)
    return replace(prospect, place=place)


def is_open(prospect: Prospect) -> bool:
    """Whether sales still works at it."""
    return isinstance(prospect.place, Waiting | Offered | Accepted)


def holder(prospect: Prospect) -> str | None:
    """The one rep whose capacity it takes, if any."""
    match prospect.place:
        case Offered(offer=offer) | Accepted(offer=offer):
            return offer.rep_id
        case _:
            return None
