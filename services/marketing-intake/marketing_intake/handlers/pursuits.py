"""Hearing, for reports: when a prospect was accepted, and each word about how it ended."""

from collections.abc import Collection, Sequence

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.sales import DealClosed, ProspectAccepted
from baton.transaction import Transaction
from marketing_intake.domain.attribution import Reached
from marketing_intake.repository import pursuits
from marketing_intake.repository.pursuits import PursuitStep


async def keep_pursuits(
    events: Sequence[Event[Fact]], lead_ids: Collection[str], tx: Transaction
) -> None:
    """Keep what reports count, of pursuits that speak for one of these leads.

    Nothing is decided before somebody asks, so the order of what is heard is no matter.
    """
    known = frozenset(lead_ids)
    steps = [step for event in events if (step := _step(event, event.data)) is not None]
    await pursuits.save_steps(tx, [step for step in steps if not known.isdisjoint(step.lead_ids)])


def _step(event: Event[Fact], data: Fact) -> PursuitStep | None:
    match data:
        case DealClosed():
            return PursuitStep(
                event.id, data.prospect_id, data.person_id, Reached(data.outcome.value),
                happened_at=data.closed_at, recorded_at=event.recorded_at, lead_ids=data.lead_ids,
                deal_id=data.deal_id, version=data.version, reason=data.reason,
                amount=data.amount, currency=data.currency,
            )  # fmt: skip
        case ProspectAccepted():
            return PursuitStep(
                event.id, data.prospect_id, data.person_id, Reached.ACCEPTED,
                happened_at=event.happened_at, recorded_at=event.recorded_at,
                lead_ids=data.lead_ids,
            )  # fmt: skip
        case _:
            return None
