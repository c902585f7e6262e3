"""Leads that their vendor only announced: captured once they are fetched, or refused for a reason.

The announcement keeps its own answer under the vendor's bare id; what is fetched is known under
another. Both are settled in the transaction of the lead, so that whoever dies doubles nothing.
"""

from collections.abc import Sequence
from typing import Final

from baton.transaction import Transaction
from marketing_intake.domain.draft import Failure, RefusedDraft
from marketing_intake.handlers.capture import capture
from marketing_intake.handlers.mending import became_of
from marketing_intake.handlers.submission import (
    Idempotency,
    Outcome,
    Replayed,
    Submission,
)
from marketing_intake.repository import capturing, payloads

KIND: Final = "not-fetched"


async def is_due(payload_id: str, source_id: str, once: Idempotency, tx: Transaction) -> bool:
    """Whether the lead of an announcement is still to be fetched.

    It is not when it is there already, or when the vendor has asked meanwhile to forget it; then
    the announcement leads to that. `once` is the event id of the fetched lead.
    """
    if not await payloads.is_awaiting(tx, payload_id):
        return False
    known = await capturing.load_answers(tx, [(source_id, once.key_hash)])
    answer = known.get((source_id, once.key_hash))
    if answer is None:
        return True
    await _settle(payload_id, Replayed(answer.status, answer.body), tx)
    return False


async def take(
    payload_id: str, submissions: Sequence[Submission], tx: Transaction
) -> Outcome | None:
    """Capture a fetched lead in its announcement's place; None when that was done before."""
    await tx.begin()
    if not await payloads.is_awaiting(tx, payload_id):
        return None
    (outcome,) = await capture(submissions, tx)
    await _settle(payload_id, outcome, tx)
    return outcome


async def refuse(payload_id: str, reason: str, tx: Transaction) -> bool:
    """Give a lead up: its announcement is refused, and can be replayed; False when it was done."""
    refused = RefusedDraft(KIND, None, reason, failure=Failure.ENRICHMENT)
    return await payloads.refuse_awaiting(tx, payload_id, refused)


async def _settle(payload_id: str, outcome: Outcome, tx: Transaction) -> None:
    await payloads.set_fetched(tx, payload_id, became_of(outcome))
