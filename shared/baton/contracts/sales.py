"""What sales-routing says: who holds a prospect, what they answered, and how it ended."""

from decimal import Decimal

from baton.contracts.fact import Currency, Fact, Id, Instant
from baton.contracts.vocabulary import (
    ClosureReason,
    DealStage,
    LeadState,
    Outcome,
    UnassignedReason,
)


class Handoff(Fact):
    """What every step of a hand-off says: which prospect, whose, and which leads it speaks for."""

    prospect_id: Id
    person_id: Id
    lead_ids: tuple[Id, ...]


class ProspectOffered(Handoff):
    """One rep was asked. `received_at` is when the oldest joined lead's request was received."""

    offer_id: Id
    rep_id: Id
    pool_id: Id
    decision_number: int
    deadline: Instant
    received_at: Instant


class ProspectAccepted(Handoff):
    """The rep took the prospect."""

    offer_id: Id
    rep_id: Id


class ProspectDeclined(Handoff):
    """The rep said no; it goes to the next one."""

    offer_id: Id
    rep_id: Id
    reason: str


class OfferExpired(Handoff):
    """The rep did not answer in time."""

    offer_id: Id
    rep_id: Id


class ProspectUnassigned(Handoff):
    """Nobody holds the prospect, for a named reason, until a stated clock (None: for good)."""

    reason: UnassignedReason
    retry_at: Instant | None


class LeadJoined(Handoff):
    """Leads joined a pursuit that was open already; `lead_ids` are all that it speaks for now.

    `state` is where the pursuit is, and so where each of its leads is.
    """

    joined_lead_ids: tuple[Id, ...]
    state: LeadState


class DealProgressed(Handoff):
    """The deal reached a step of the sale."""

    rep_id: Id
    stage: DealStage


class DealClosed(Handoff):
    """How the pursuit ended. Idempotent by prospect, deal and version."""

    deal_id: Id
    version: int
    rep_id: Id | None
    outcome: Outcome
    amount: Decimal | None = None
    currency: Currency | None = None
    reason: ClosureReason | None = None
    closed_at: Instant


class OutcomeCorrected(DealClosed):
    """A higher version of an outcome that was already said."""

    corrects_version: int


class RepDescribed(Fact):
    """A rep, as they are now."""

    rep_id: Id
    name: str
    team: str
    is_active: bool
