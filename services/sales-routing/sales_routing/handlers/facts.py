"""A prospect's steps as the facts that others hear; translation only."""

from datetime import datetime
from decimal import Decimal

from baton.contracts.sales import (
    DealClosed,
    DealProgressed,
    LeadJoined,
    OfferExpired,
    OutcomeCorrected,
    ProspectAccepted,
    ProspectDeclined,
    ProspectOffered,
    ProspectUnassigned,
)
from baton.contracts.vocabulary import (
    ClosureReason,
    DealStage,
    LeadState,
    Outcome,
    UnassignedReason,
)
from sales_routing.domain.outcomes import Disqualified, Lost, Report, Won, outcome_of
from sales_routing.domain.prospect import LEAD_STATES, Offer, Prospect


def offered(prospect: Prospect, offer: Offer) -> ProspectOffered:
    """One rep was asked. Values of our own are not validated: it is said by the thousand."""
    return ProspectOffered.trusted(
        prospect_id=prospect.id,
        person_id=prospect.person_id,
        lead_ids=prospect.lead_ids,
        offer_id=offer.id,
        rep_id=offer.rep_id,
        pool_id=offer.pool_id,
        decision_number=offer.decision_number,
        deadline=offer.deadline,
        received_at=prospect.received_at,
    )


def accepted(prospect: Prospect, offer: Offer) -> ProspectAccepted:
    """The rep took it."""
    return ProspectAccepted(
        prospect_id=prospect.id,
        person_id=prospect.person_id,
        lead_ids=prospect.lead_ids,
        offer_id=offer.id,
        rep_id=offer.rep_id,
    )


def declined(prospect: Prospect, offer: Offer, reason: str) -> ProspectDeclined:
    """The rep said no."""
    return ProspectDeclined(
        prospect_id=prospect.id,
        person_id=prospect.person_id,
        lead_ids=prospect.lead_ids,
        offer_id=offer.id,
        rep_id=offer.rep_id,
        reason=reason,
    )


def expired(prospect: Prospect, offer: Offer) -> OfferExpired:
    """The rep was silent."""
    return OfferExpired(
        prospect_id=prospect.id,
        person_id=prospect.person_id,
        lead_ids=prospect.lead_ids,
        offer_id=offer.id,
        rep_id=offer.rep_id,
    )


def unassigned(
    prospect: Prospect, reason: UnassignedReason, retry_at: datetime | None
) -> ProspectUnassigned:
    """Nobody holds it."""
    return ProspectUnassigned(
        prospect_id=prospect.id,
        person_id=prospect.person_id,
        lead_ids=prospect.lead_ids,
        reason=reason,
        retry_at=retry_at,
    )


def joined(prospect: Prospect, lead_ids: tuple[str, ...]) -> LeadJoined:
    """It speaks for more leads than before."""
    return LeadJoined(
        prospect_id=prospect.id,
        person_id=prospect.person_id,
        lead_ids=prospect.lead_ids,
        joined_lead_ids=lead_ids,
        state=lead_state(prospect),
    )


def progressed(prospect: Prospect, rep_id: str, stage: DealStage) -> DealProgressed:
    """The deal reached a step of the sale."""
    return DealProgressed(
        prospect_id=prospect.id,
        person_id=prospect.person_id,
        lead_ids=prospect.lead_ids,
        rep_id=rep_id,
        stage=stage,
    )


def closed(prospect: Prospect, rep_id: str | None, report: Report) -> DealClosed:
    """It ended."""
    outcome, amount, currency, reason = _ending(report)
    return DealClosed(
        prospect_id=prospect.id,
        person_id=prospect.person_id,
        lead_ids=prospect.lead_ids,
        deal_id=report.deal_id,
        version=report.version,
        rep_id=rep_id,
        outcome=outcome,
        amount=amount,
        currency=currency,
        reason=reason,
        closed_at=report.closed_at,
    )


def corrected(
    prospect: Prospect, rep_id: str | None, report: Report, *, corrects_version: int
) -> OutcomeCorrected:
    """It ended otherwise than was said."""
    said = closed(prospect, rep_id, report)
    return OutcomeCorrected(**dict(said), corrects_version=corrects_version)


def lead_state(prospect: Prospect) -> LeadState:
    """Where each of its leads is."""
    return LEAD_STATES[prospect.state]


def _ending(
    report: Report,
) -> tuple[Outcome, Decimal | None, str | None, ClosureReason | None]:
    match report.ending:
        case Won(amount=amount, currency=currency):
            return Outcome.WON, amount, currency, None
        case Lost(reason=reason) | Disqualified(reason=reason):
            return outcome_of(report.ending), None, None, reason
