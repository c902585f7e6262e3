"""What was refused is read again, as it came or mended, and captured once; or it is given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from baton.errors import Conflict, NotFound
from baton.transaction import Transaction
from marketing_intake.domain.draft import RefusedDraft
from marketing_intake.domain.machines import Machines
from marketing_intake.handlers.capture import KNOWN_MACHINES, capture
from marketing_intake.handlers.submission import (
    Kept,
    KeyReused,
    Outcome,
    Recorded,
    Replayed,
    SetAside,
    Submission,
    Taken,
)
from marketing_intake.repository import payloads

REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True)
class StillRefused:
    """Nothing of it can be taken yet; it stays where it is."""

    refused: RefusedDraft


async def mend(
    payload_id: str,
    submissions: Sequence[Submission],
    tx: Transaction,
    *,
    is_mended: bool,
    who: str,
    machines: Machines = KNOWN_MACHINES,
) -> list[Outcome] | StillRefused:
    """Capture what a refused payload holds in its place, once and never again.

    Of a body that holds several, what fails again is kept by itself. When all of it does, nothing
    is written but why it fails now, and of a mended body not even that: the kept one is another.
    Raises `NotFound`, and `Conflict` for what needs no mending.
    """
    row = await payloads.lock(tx, payload_id)
    if row is None:
        raise NotFound("there is no such payload", field="payload_id")
    if row["status"] != REFUSED or row["resent_as"] is not None:
        raise Conflict("this payload needs no mending", field="payload_id")
    refused = _refused(submissions)
    if refused is not None:
        if not is_mended:
            await _note(payload_id, refused, submissions[0], tx)
        return StillRefused(refused)
    keys = [one.idempotency.key_hash for one in submissions if one.idempotency is not None]
    # Its vendor's id was answered by refusing it; now it is to lead to what it becomes.
    await payloads.forget_answers(tx, row["source_id"], keys, payload_id=payload_id)
    outcomes = await capture(submissions, tx, machines)
    became = next(found for one in outcomes if (found := became_of(one)) is not None)
    await payloads.set_resent(tx, payload_id, became)
    tx.audit(
        who=who, what="payload replayed", subject=payload_id, old=None,
        new={"became": became, "is_mended": is_mended},
    )  # fmt: skip
    return outcomes


async def discard(failed_id: str, why: str, tx: Transaction, *, who: str) -> None:
    """Give up what failed, for a recorded reason. Raises `NotFound`."""
    if not await payloads.discard(tx, failed_id):
        raise NotFound("there is nothing that failed under that id", field="failed_id")
    tx.audit(who=who, what="payload discarded", subject=failed_id, old=None, new={"why": why})


def became_of(outcome: Outcome) -> str | None:
    """The id of what something became; of what came before under its key, that one's."""
    match outcome:
        case Taken(lead_id, _, _):
            return lead_id
        case Recorded(activity_id, _):
            return activity_id
        case SetAside(payload_id, _) | Kept(payload_id, _):
            return payload_id
        case Replayed(_, body):
            stored = orjson.loads(body)
            names = ("lead_id", "activity_id", "payload_id")
            return next((str(stored[name]) for name in names if name in stored), None)
        case KeyReused():
            return None


def _refused(submissions: Sequence[Submission]) -> RefusedDraft | None:
    """The first refusal when there is nothing else."""
    refused = [one.draft for one in submissions if isinstance(one.draft, RefusedDraft)]
    return refused[0] if len(refused) == len(submissions) else None


async def _note(
    payload_id: str, refused: RefusedDraft, submission: Submission, tx: Transaction
) -> None:
    failure = (refused.kind, refused.field, refused.detail, refused.failure)
    versions = (submission.component.version, submission.contract_version)
    await payloads.refuse_again(tx, payload_id, failure, versions)
