"""What sales would say about leads, at whatever time, as intake hears it."""

from datetime import datetime
from typing import Any

from baton.contracts.fact import Fact
from baton.contracts.sales import DealClosed, OutcomeCorrected, ProspectAccepted
from baton.contracts.topics import HANDOFFS
from baton.ids import new_id
from marketing_intake import consumers
from support.facts import NOON, an_event
from support.intake_door import IntakeDoor

REP = new_id()
Said = dict[str, Any]


def about(*leads: dict[str, str]) -> Said:
    """A pursuit of these leads' person."""
    lead_ids = tuple(lead["lead_id"] for lead in leads)
    return {"prospect_id": new_id(), "person_id": leads[0]["person_id"], "lead_ids": lead_ids}


async def hear_at(
    intake: IntakeDoor, said: Fact, happened_at: datetime, recorded_at: datetime | None = None
) -> None:
    """Let intake hear a word of sales that was said then."""
    recorded = recorded_at or happened_at
    event = an_event(said)._replace(happened_at=happened_at, recorded_at=recorded)
    handlers = {one.topic.name: one.handler for one in consumers.SUBSCRIPTIONS}
    async with intake.opened.service.transactions.begin() as tx:
        await handlers[HANDOFFS.name]([event], tx)


async def accept(intake: IntakeDoor, pursuit: Said, at: datetime = NOON) -> None:
    """A rep takes it."""
    said = ProspectAccepted.model_validate(pursuit | {"offer_id": new_id(), "rep_id": REP})
    await hear_at(intake, said, at)


async def close(intake: IntakeDoor, pursuit: Said, at: datetime = NOON, **closure: Any) -> None:
    """It ends, won by default."""
    plain = {"deal_id": "deal", "version": 1, "rep_id": REP, "outcome": "won", "closed_at": at}
    await hear_at(intake, DealClosed.model_validate(pursuit | plain | closure), at)


async def correct(
    intake: IntakeDoor, pursuit: Said, at: datetime, *, said_at: datetime, **closure: Any
) -> None:
    """It ended otherwise than was said, and that is said now."""
    plain = {"deal_id": "deal", "version": 2, "rep_id": REP, "closed_at": at, "corrects_version": 1}
    fact = OutcomeCorrected.model_validate(pursuit | plain | closure)
    await hear_at(intake, fact, at, said_at)
