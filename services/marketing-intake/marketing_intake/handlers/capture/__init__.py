"""Capture: a batch of what came becomes people, leads, activities, kept payloads, and facts."""

from collections.abc import Sequence
from typing import Final, assert_never

from baton.transaction import Transaction
from marketing_intake.domain.draft import (
    ActivityDraft,
    DeletionDraft,
    IgnoredDraft,
    LeadDraft,
    ReferenceDraft,
    RefusedDraft,
)
from marketing_intake.domain.machines import Machines
from marketing_intake.handlers import suppression
from marketing_intake.handlers.capture import (
    activities,
    answers,
    asides,
    consents,
    leads,
    suspicions,
)
from marketing_intake.handlers.capture.batch import Batch, open_batch
from marketing_intake.handlers.submission import Outcome, Submission
from marketing_intake.repository import browsers, candidates, capturing, identifiers, opt_ins

RECEIVED: Final = "received"
KNOWN_MACHINES: Final = Machines()


async def capture(
    submissions: Sequence[Submission], tx: Transaction, machines: Machines = KNOWN_MACHINES
) -> list[Outcome]:
    """Take what can be taken, keep what can't; one outcome for each, in order."""
    answered = await answers.given_before(submissions, tx)
    fresh = [n for n in range(len(submissions)) if n not in answered]
    batch = await open_batch([submissions[n].draft for n in fresh], tx)
    wanted = [submissions[n] for place, n in enumerate(fresh) if place not in batch.suppressed]
    taken = iter(await suspicions.judge(wanted, batch, machines))
    outcomes: dict[int, Outcome] = dict(answered)
    for place, n in enumerate(fresh):
        if place in batch.suppressed:
            outcomes[n] = asides.suppress(submissions[n], batch)
        else:
            outcomes[n] = await _place(next(taken), batch)
        answers.remember(submissions[n], outcomes[n], batch)
    if fresh:
        await _save(batch, len(fresh))
    answers.repeat_within(submissions, outcomes)
    return [outcomes[n] for n in range(len(submissions))]


async def _save(batch: Batch, count: int) -> None:
    tx = batch.tx
    leads.say_cards(batch)
    tx.tally(RECEIVED, count)
    await capturing.save(tx, batch.rows, tx.now)
    await answers.close(batch)
    await candidates.record(tx, batch.resolution.met)
    await identifiers.learn_shared(tx, batch.shared)
    await browsers.move(tx, batch.moved)
    await consents.say(batch)
    await suppression.lift(batch.lifted, tx)
    if batch.asked:
        await opt_ins.insert(tx, batch.asked)


async def _place(submission: Submission, batch: Batch) -> Outcome:
    match submission.draft:
        case LeadDraft() as draft:
            return leads.take(submission, draft, batch)
        case ActivityDraft() as draft:
            return activities.record(submission, draft, batch)
        case RefusedDraft() as draft:
            return asides.keep(submission, draft, batch)
        case IgnoredDraft() as draft:
            return asides.ignore(submission, draft, batch)
        case ReferenceDraft() as draft:
            return asides.await_fetch(submission, draft, batch)
        case DeletionDraft() as draft:
            return await asides.delete(submission, draft, batch)
        case _:
            assert_never(submission.draft)


__all__ = ["KNOWN_MACHINES", "RECEIVED", "capture"]
