"""What an answer, or silence, changes: accept, decline, expire, progress, withdraw."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from baton.contracts.vocabulary import DealStage, UnassignedReason
from sales_routing.domain.impossible import Impossible
from sales_routing.domain.prospect import (
    Accepted,
    Offer,
    Offered,
    OfferRole,
    Prospect,
    Superseded,
    Waiting,
    Withdrawn,
    is_open,
    moved,
)


class DeclineReason(StrEnum):
    """Why a rep says no. A closed list, because facts carry no free text."""

    NO_TIME = "no_time"
    NOT_MY_FIELD = "not_my_field"
    KNOWS_THEM = "knows_them"
    BAD_DATA = "bad_data"
    OTHER = "other"


def accepted(prospect: Prospect, rep_id: str, now: datetime) -> Prospect:
    """The rep takes it. Raises `Impossible` when it is not theirs to take, or no longer."""
    offer = _own_offer(prospect, rep_id, now)
    return moved(prospect, Accepted(offer))


def declined(prospect: Prospect, rep_id: str, now: datetime) -> Prospect:
    """The rep says no; they are not asked again. A fallback owner is the last and can't."""
    offer = _own_offer(prospect, rep_id, now)
    if offer.role is OfferRole.FALLBACK_OWNER:
        raise Impossible(
            f"prospect {prospect.id} is the fallback owner's and nobody is left to ask: "
            "accept it, or report an outcome",
            kind="last_holder",
        )
    return _passed_on(prospect, offer, now)


def is_overdue(prospect: Prospect, now: datetime) -> bool:
    """Whether the one who was asked has been silent for too long."""
    return isinstance(prospect.place, Offered) and prospect.place.offer.deadline <= now


def expired(prospect: Prospect, now: datetime) -> Prospect:
    """The rep was silent; they are not asked again, but a fallback owner may be."""
    assert isinstance(prospect.place, Offered)
    return _passed_on(prospect, prospect.place.offer, now)


def progressed(prospect: Prospect, stage: DealStage) -> Prospect:
    """The deal reached a step of the sale; it may be an earlier one again."""
    if not isinstance(prospect.place, Accepted):
        raise Impossible(_holds(prospect, "accepted"), kind="not_accepted")
    return replace(prospect, stage=stage)


def withdrawn(prospect: Prospect) -> Prospect:
    """The pursuit is taken back. A closed one stays as it ended."""
    return moved(prospect, Withdrawn()) if is_open(prospect) else prospect


def _own_offer(prospect: Prospect, rep_id: str, now: datetime) -> Offer:
    match prospect.place:
        case Offered(offer=offer) if offer.rep_id != rep_id:
            raise Impossible(
                f"prospect {prospect.id} is offered to another rep", kind="offered_to_another"
            )
        case Offered(offer=offer) if offer.deadline <= now:
            raise Impossible(
                f"the offer of prospect {prospect.id} expired at {offer.deadline.isoformat()}",
                kind="offer_expired",
            )
        case Offered(offer=offer):
            return offer
        case _:
            raise Impossible(_holds(prospect, "offered"), kind="not_offered")


def _holds(prospect: Prospect, expected: str) -> str:
    match prospect.place:
        case Accepted(offer=offer):
            what = f"accepted by rep {offer.rep_id}"
        case Superseded(by_id=by_id):
            what = f"joined to prospect {by_id}, because their people are one"
        case _:
            what = prospect.state.value
    return f"prospect {prospect.id} is {what}, not {expected}"


def _passed_on(prospect: Prospect, offer: Offer, now: datetime) -> Prospect:
    tried = (*prospect.tried, *({offer.rep_id} - set(prospect.tried)))
    waiting = moved(prospect, Waiting(UnassignedReason.NO_REP, now))
    return replace(waiting, tried=tried)
