"""Double opt-in: a lead becomes captured by its person's own word, or is forgotten without it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from baton.contracts.vocabulary import LeadState
from baton.errors import NotFound
from baton.transaction import Origin, Transaction
from marketing_intake import metrics
from marketing_intake.domain.identity import identifiers_of
from marketing_intake.domain.opt_in import MESSAGES_PER_DAY_MAX, MessageState, address_hash
from marketing_intake.handlers.capture import leads
from marketing_intake.handlers.capture.batch import open_batch
from marketing_intake.handlers.consent import OptIn as Proven
from marketing_intake.handlers.consent import record_opt_in
from marketing_intake.handlers.submission import Submission
from marketing_intake.repository import browsers, candidates, capturing, catalogue, opt_ins
from marketing_intake.repository.opt_ins import OptIn

LATE_MAX: Final = 100
BY_LINK: Final = "link"
FORM: Final = "form"
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to be sent: to whom, for which form."""

    email: str
    address_hash: bytes
    source_id: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """The button of a link: the hash of its token, and where from it was pressed."""

    token_hash: bytes
    circumstances: Mapping[str, str]


async def message_due(lead_id: str, tx: Transaction, *, secret: bytes) -> Due | None:
    """To whom the message of a lead goes; None when none is to be sent any more."""
    found = await opt_ins.load(tx, lead_id)
    if found is None or found.draft is None or found.message is not MessageState.WAITING:
        return None
    email = str(found.draft.card["email"])
    hashed = address_hash(email, secret)
    if await opt_ins.sent_since(tx, hashed, tx.now - DAY) >= MESSAGES_PER_DAY_MAX:
        await message_failed(lead_id, tx, MessageState.WITHHELD)
        return None
    return Due(email, hashed, found.source_id)


async def message_sent(lead_id: str, tx: Transaction, *, token_hash: bytes, due: Due) -> None:
    """Note that the server took the message."""
    await opt_ins.note_sent(tx, lead_id, token_hash=token_hash, address_hash=due.address_hash)
    _count(tx, "sent")


async def message_failed(lead_id: str, tx: Transaction, message: MessageState) -> None:
    """Note that the message will never arrive."""
    await opt_ins.note_unsent(tx, lead_id, message)
    _count(tx, message.value)


async def confirm(lead_id: str, tx: Transaction, *, pressed: Pressed, origin: Origin) -> bool:
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
    caused = Origin(found.correlation_id, origin.traceparent)
    person_id = await _capture(found, tx, caused)
    await record_opt_in(person_id, _proven(found, tx, pressed), tx, origin=caused)
    await opt_ins.confirmed(tx, lead_id, person_id, token_hash=pressed.token_hash, how=BY_LINK)
    _count(tx, "confirmed")
    return True


async def _capture(found: OptIn, tx: Transaction, origin: Origin) -> str:
    source = await catalogue.find_source(tx, found.source_id)
    assert found.draft is not None
    assert source is not None  # sources are closed, and never deleted
    draft = replace(
        found.draft,
        own_state=LeadState.CAPTURED,
        identifiers=identifiers_of(found.draft.card, source.rules),
        rules=source.rules,
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


def _proven(found: OptIn, tx: Transaction, pressed: Pressed) -> Proven:
    """The evidence that the person has confirmed what the form was filled in with."""
    assert found.draft is not None
    sent_at = None if found.sent_at is None else found.sent_at.isoformat()
    sent_to = None if found.address_hash is None else found.address_hash.hex()
    proof = {
        "lead_id": found.lead_id,
        "token_sha256": pressed.token_hash.hex(),
        "sent_at": sent_at,
        "sent_to_hash": sent_to,
        "filled_in_at": found.received_at.isoformat(),
        "how": BY_LINK,
    }
    return Proven(
        granted=found.draft.consent,
        confirmed_at=tx.now,
        proof=proof,
        source_id=found.source_id,
        component=FORM,
        contract_version=found.contract_version,
        wording=found.draft.wording,
        circumstances=pressed.circumstances,
    )


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
