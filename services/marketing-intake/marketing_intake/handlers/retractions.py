"""Retractions: an activity is taken back, by a rule or by hand, and what follows is remembered."""

from collections.abc import Sequence
from dataclasses import replace

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.marketing import ActivityRetracted
from baton.contracts.vocabulary import Suspicion
from baton.errors import Conflict, NotFound
from baton.ids import new_id
from baton.transaction import Origin, Transaction
from marketing_intake import metrics
from marketing_intake.repository import retractions
from marketing_intake.repository.retractions import RecordedActivity, Retraction

RULE = "rule"


async def retract_found(
    found: Sequence[RecordedActivity], tx: Transaction, *, suspicion: Suspicion, origin: Origin
) -> None:
    """Take back what a rule found to be machines'. The people must be locked already."""
    if found:
        said = [
            Retraction(one, _say(one, tx, suspicion, origin), RULE, suspicion=suspicion)
            for one in found
        ]
        await retractions.save(tx, said)
        tx.after_commit(lambda _: metrics.RETRACTED.labels(suspicion.value).inc(len(said)))


async def retract_by_hand(
    activity_id: str,
    tx: Transaction,
    *,
    reason: str,
    suspicion: Suspicion | None,
    who: str,
    origin: Origin,
) -> Retraction:
    """Take an activity back because somebody says so. Raises `NotFound` and `Conflict`."""
    activity = await retractions.find_activity(tx, activity_id)
    if activity is None:
        raise NotFound("there is no such activity", field="activity_id")
    await tx.lock_people([activity.person_id])
    if await retractions.is_retracted(tx, activity_id):
        raise Conflict("it is retracted already", field="activity_id")
    event = _say(activity, tx, suspicion, origin)
    retraction = Retraction(activity, event, who, suspicion=suspicion, reason=reason)
    await retractions.save(tx, [retraction])
    # The reason may name somebody: it stays where it is erased with them, and not in the audit.
    tx.audit(
        who=who, what="activity retracted", subject=activity_id,
        old={"suspicion": activity.suspicion}, new={"suspicion": suspicion},
    )  # fmt: skip
    tx.after_commit(lambda _: metrics.RETRACTED.labels("by_hand").inc())
    return retraction


async def remember_effects(events: Sequence[Event[Fact]], tx: Transaction) -> None:
    """Keep which of these was said because of a retraction.

    Scoring's answer names the retraction as its cause. What sales says next names scoring's
    answer, which may be heard after it; but the whole story has the retraction's correlation.
    """
    caused = {event.causation_id for event in events if event.causation_id is not None}
    if not caused:
        return
    stories = {event.correlation_id for event in events}
    known = await retractions.causes(tx, caused, stories)
    if known:
        effects = [
            (retraction_id, event)
            for event in events
            if (
                retraction_id := known.get(
                    event.causation_id or "", known.get(event.correlation_id)
                )
            )
        ]
        await retractions.save_effects(tx, effects)


def _say(
    activity: RecordedActivity, tx: Transaction, suspicion: Suspicion | None, origin: Origin
) -> Event[Fact]:
    fact = ActivityRetracted(
        activity_id=activity.id,
        person_id=activity.person_id,
        kind=activity.kind,
        suspicion=suspicion,
    )
    # Each retraction is a story of its own, whatever brought it to light.
    own = replace(origin, correlation_id=new_id())
    return tx.publish(fact, key=activity.person_id, subject=activity.id, cause=own)
