"""Overriding: somebody says what a score is; the machine goes on deciding by its own."""

from datetime import datetime

from baton.contracts.scoring import ScoreOverridden
from baton.contracts.vocabulary import OverrideReason
from baton.errors import NotFound, Refused
from baton.ids import new_id
from baton.transaction import Origin, Transaction
from lead_scoring.handlers.scores import NOBODY, kin_of
from lead_scoring.repository import facts, overrides
from lead_scoring.repository.overrides import Override


async def override(
    person_id: str,
    tx: Transaction,
    *,
    points: float | None,
    reason: OverrideReason,
    expires_at: datetime | None,
    who: str,
    origin: Origin,
) -> Override:
    """Set a score beside the machine's, or take back what was set. Raises `NotFound`, `Refused`."""
    if expires_at is not None and expires_at <= tx.now:
        raise Refused("must lie in the future", field="expires_at")
    await tx.lock_people([person_id])
    person_ids = await kin_of(tx, person_id)
    if not await facts.load_of_people(tx, person_ids):
        raise NotFound(NOBODY, field="person_id")
    before = await overrides.latest(tx, person_ids)
    after = Override(points, reason, who, tx.now, expires_at)
    await overrides.add(tx, new_id(), person_id, after)
    fact = ScoreOverridden(person_id=person_id, points=points, reason=reason, expires_at=expires_at)
    tx.publish(fact, key=person_id, subject=person_id, cause=origin)
    tx.audit(
        who=who,
        what="score overridden",
        subject=person_id,
        old=None if before is None else {"points": before.points},
        new={"points": points, "reason": reason, "expires_at": expires_at},
    )
    return after
