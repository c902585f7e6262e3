"""Double opt-in: a lead becomes captured by its person's own word, or is forgotten without it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from baton.contracts.vocabulary import LeadState
from baton.errors import NotFound
from baton.transaction import Origin, Transaction
from marketing_intake import metrics
from marketing_intake.domain.opt_in import MESSAGES_PER_DAY_MAX, MessageState
from marketing_intake.handlers.capture import leads
from marketing_intake.handlers.capture.batch import open_batch
from marketing_intake.handlers.submission import Submission
from marketing_intake.repository import browsers, candidates, capturing, match_rules, opt_ins
from marketing_intake.repository.opt_ins import OptIn

LATE_MAX: Final = 100
BY_LINK: Final = "link"
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to be sent: to whom, for which form."""

    email: str
    source_id: str


async def message_due(lead_id: str, tx: Transaction) -> Due | None:
    """To whom the message of a lead goes; None when none is to be sent any more."""
    found = await opt_ins.load(tx, lead_id)
    if found is None or found.draft is None or found.message is not MessageState.WAITING:
        return None
    if await opt_ins.sent_since(tx, found.person_id, tx.now - DAY) >= MESSAGES_PER_DAY_MAX:
        await message_failed(lead_id, tx, MessageState.WITHHELD)
        return None
    return Due(str(found.draft.card["email"]), found.source_id)


async def message_sent(lead_id: str, tx: Transaction, *, token_hash: bytes) -> None:
    """Note that the server took the message."""
    await opt_ins.note_message(
        tx, lead_id, MessageState.SENT, token_hash=token_hash, sent_at=tx.now
    )
    _count(tx, "sent")


async def message_failed(lead_id: str, tx: Transaction, message: MessageState) -> None:
    """Note that the message will never arrive."""
    await opt_ins.note_message(tx, lead_id, message, token_hash=None, sent_at=None)
    _count(tx, message.value)


async def confirm(lead_id: str, tx: Transaction, *, token_hash: bytes, origin: Origin) -> bool:
    """Let a lead be captured by its person's word; False when that was done before.

    What is said is said as of the day on which the form was filled in. Raises `NotFound` when the
    lead has been forgotten.
    """
    found = await opt_ins.load(tx, lead_id)
    if found is not None:
        # Nobody may forget the person, nor confirm a second time, from here on.
        await tx.lock_people([found.person_id])
        found = await opt_ins.load(tx, lead_id)
    if found is not None and found.confirmed_at is not None:
        return False
    if found is None or found.draft is None:
        raise NotFound("nothing is waiting to be confirmed", field="token")
    person_id = await _capture(found, tx, Origin(found.correlation_id, origin.traceparent))
    await opt_ins.confirmed(tx, lead_id, person_id, token_hash=token_hash, how=BY_LINK)
    _count(tx, "confirmed")
    return True


async def _capture(found: OptIn, tx: Transaction, origin: Origin) -> str:
    assert found.draft is not None
    draft = replace(
        found.draft,
        own_state=LeadState.CAPTURED,
        identifiers=found.draft.identifiers + found.draft.unconfirmed,
        unconfirmed=(),
        rules=await match_rules.in_force(tx),
    )
    batch = await open_batch([draft], tx)
    person_id = next(batch.person_ids)
    submission = Submission(
        source_id=found.source_id,
        draft=draft,
        body=b"",
        content_type="",
        origin=origin,
        received_at=found.received_at,
        contract_version=found.contract_version,
    )
    row = {"id": found.lead_id, "person_id": person_id, **found.told}
    leads.say(submission, draft, batch, row)
    leads.say_cards(batch)
    await capturing.save(tx, batch.rows, tx.now)
    await candidates.record(tx, batch.resolution.met)
    await browsers.move(tx, batch.moved)
    return person_id


async def forget_late(tx: Transaction, before: datetime) -> int:
    """Blank the leads that nobody has confirmed since `before`; returns how many there were.

    They become `erased`: nobody may know any more what they said, and they stay counted. Nobody
    was told of them, so nothing is said.
    """
    late = await opt_ins.due(tx, before, LATE_MAX)
    people = sorted({person_id for _, person_id in late})
    await tx.lock_people(people)
    forgotten = await opt_ins.forget(tx, [lead_id for lead_id, _ in late], people)
    _count(tx, "expired", forgotten)
    return forgotten


def _count(tx: Transaction, step: str, count: int = 1) -> None:
    tx.after_commit(lambda _: metrics.OPT_INS.labels(step).inc(count))
