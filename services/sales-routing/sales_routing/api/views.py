"""What is told about prospects."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from asyncpg import Record
from pydantic import BaseModel, Field

from baton.contracts.vocabulary import ClosureReason, DealStage, Outcome
from sales_routing.domain.outcomes import Won, outcome_of
from sales_routing.domain.prospect import Accepted, Offered, Prospect, ProspectState, Waiting
from sales_routing.repository.outcomes import Kept

PLAIN: Final = (
    "id",
    "person_id",
    "state",
    "lead_ids",
    "reason",
    "superseded_by",
    "stage",
    "source_name",
    "received_at",
    "opened_at",
    "changed_at",
)


class RepView(BaseModel):
    """Who holds it."""

    id: str
    name: str | None
    team: str | None


class OfferView(BaseModel):
    """The open offer: until when its rep has time, as of now."""

    id: str
    rep_id: str
    role: str
    offered_at: datetime
    deadline: datetime


class ProspectView(BaseModel):
    """A prospect as it is now. `card` needs the scope pii:read and is null without it."""

    id: str
    person_id: str
    state: ProspectState
    lead_ids: list[str]
    rep: RepView | None
    offer: OfferView | None
    reason: str | None = Field(description="why nobody holds it")
    retry_at: datetime | None
    superseded_by: str | None
    stage: DealStage | None
    source_id: str
    source_name: str | None
    score: float
    received_at: datetime
    opened_at: datetime
    changed_at: datetime
    card: dict[str, Any] | None


class FeedEntry(BaseModel):
    """One step in the feed, and the prospect as it is now."""

    step: str = Field(examples=["ProspectOffered"])
    at: datetime
    offer_id: str | None = None
    prospect: ProspectView


class Feed(BaseModel):
    """Steps in order. Ask again with `after` for what comes next; it never skips anything."""

    items: list[FeedEntry]
    after: str


class PastOffer(BaseModel):
    """Who was asked, and what became of it."""

    id: str
    rep_id: str
    rep_name: str | None
    pool_id: str
    decision_number: int
    role: str
    state: str
    offered_at: datetime
    deadline: datetime
    answered_at: datetime | None
    decline_reason: str | None


class OutcomeView(BaseModel):
    """One version of how it ended, as it was reported."""

    prospect_id: str
    deal_id: str
    version: int
    outcome: Outcome
    amount: Decimal | None
    currency: str | None
    reason: ClosureReason | None
    rep_id: str | None
    closed_at: datetime
    recorded_at: datetime


class ProspectDetail(ProspectView):
    """A prospect with its past."""

    offers: list[PastOffer]
    outcomes: list[OutcomeView]


class Standing(BaseModel):
    """Where a prospect stands after an answer."""

    prospect_id: str
    state: ProspectState
    lead_ids: list[str]
    rep_id: str | None = Field(description="who holds it, or is asked now")
    deadline: datetime | None = Field(description="of the open offer")
    reason: str | None = Field(description="why nobody holds it")
    stage: DealStage | None


def standing_of(prospect: Prospect) -> Standing:
    """A prospect as an answer shows it."""
    rep_id = deadline = reason = None
    match prospect.place:
        case Offered(offer=offer):
            rep_id, deadline = offer.rep_id, offer.deadline
        case Accepted(offer=offer):
            rep_id = offer.rep_id
        case Waiting(reason=why):
            reason = why.value
        case _:
            pass
    return Standing(
        prospect_id=prospect.id,
        state=prospect.state,
        lead_ids=list(prospect.lead_ids),
        rep_id=rep_id,
        deadline=deadline,
        reason=reason,
        stage=prospect.stage,
    )


def view_of(row: Record, card: dict[str, Any] | None) -> ProspectView:
    """A row of `queries.prospects` as it is shown, with this card or none."""
    rep = offer = None
    if row["rep_id"] is not None:
        rep = RepView(id=row["rep_id"], name=row["rep_name"], team=row["team"])
    if row["offer_id"] is not None:
        offer = OfferView(
            id=row["offer_id"],
            rep_id=row["rep_id"],
            role=row["role"],
            offered_at=row["offered_at"],
            deadline=row["deadline"],
        )
    profile = row["profile"]
    return ProspectView(
        **{name: row[name] for name in PLAIN},
        rep=rep,
        offer=offer,
        retry_at=row["due_at"],
        source_id=profile["source_id"],
        score=profile["score"],
        card=card,
    )


def outcome_view(kept: Kept) -> OutcomeView:
    """A kept report as it is shown; the same each time."""
    report = kept.report
    return OutcomeView(
        prospect_id=kept.prospect_id,
        deal_id=report.deal_id,
        version=report.version,
        outcome=outcome_of(report.ending),
        amount=report.ending.amount if isinstance(report.ending, Won) else None,
        currency=report.ending.currency if isinstance(report.ending, Won) else None,
        reason=None if isinstance(report.ending, Won) else report.ending.reason,
        rep_id=kept.rep_id,
        closed_at=report.closed_at,
        recorded_at=kept.recorded_at,
    )
