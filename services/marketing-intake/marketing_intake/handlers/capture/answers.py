"""Keys: who sends the same thing again is given the same answer again, and nothing is taken."""

from collections.abc import Sequence

from baton.transaction import Transaction
from marketing_intake.handlers.capture.batch import Batch
from marketing_intake.handlers.submission import (
    Idempotency,
    KeyReused,
    Outcome,
    Replayed,
    Submission,
    answer_of,
)
from marketing_intake.repository import capturing
from marketing_intake.repository.answers import insert_if_new


async def given_before(submissions: Sequence[Submission], tx: Transaction) -> dict[int, Outcome]:
    """Keys that were answered before, and keys that stand twice in this very batch."""
    keyed = [(n, s, s.idempotency) for n, s in enumerate(submissions) if s.idempotency is not None]
    stored = await capturing.load_answers(tx, [(s.source_id, i.key_hash) for _, s, i in keyed])
    found: dict[int, Outcome] = {}
    first: dict[tuple[str, bytes], int] = {}
    for n, submission, idempotency in keyed:
        key = (submission.source_id, idempotency.key_hash)
        answer = stored.get(key)
        if answer is not None:
            # What came under the key of somebody who was forgotten has lost its fingerprint.
            is_same = answer.fingerprint in (b"", idempotency.fingerprint)
            found[n] = Replayed(answer.status, answer.body) if is_same else KeyReused()
        elif key in first:
            found[n] = KeyReused()  # looked at again once the first one has its answer
        else:
            first[key] = n
    return found


def repeat_within(submissions: Sequence[Submission], outcomes: dict[int, Outcome]) -> None:
    """Give a key's second request of this batch the first one's answer, when it is the same."""
    first: dict[tuple[str, Idempotency], Outcome] = {}
    for n, submission in enumerate(submissions):
        if submission.idempotency is None:
            continue
        key = (submission.source_id, submission.idempotency)
        if isinstance(outcomes[n], KeyReused) and key in first:
            outcomes[n] = Replayed(*answer_of(first[key]))
        elif not isinstance(outcomes[n], KeyReused | Replayed):
            first[key] = outcomes[n]


def remember(submission: Submission, outcome: Outcome, batch: Batch) -> None:
    """Keep the answer for as long as its key is remembered."""
    kept = submission.idempotency
    if kept is not None:
        status, body = answer_of(outcome)
        kept_until = None if kept.kept_for is None else batch.tx.now + kept.kept_for
        batch.rows.answers.append(
            (submission.source_id, kept.key_hash, kept.fingerprint, status, body, kept_until)
        )


async def close(batch: Batch) -> None:
    """Answer keys under which nothing is to come any more; what has come under them stays."""
    for source_id, key, outcome in batch.closed:
        status, body = answer_of(outcome)
        until = None if key.kept_for is None else batch.tx.now + key.kept_for
        hashes = (key.key_hash, key.fingerprint)
        await insert_if_new(batch.tx, source_id, hashes, (status, body), kept_until=until)
