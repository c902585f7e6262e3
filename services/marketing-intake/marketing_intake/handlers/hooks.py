"""A vendor's request: what it holds is captured together, and a token opens the door once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from baton.ids import new_id
from baton.transaction import Transaction
from marketing_intake.domain.machines import Machines
from marketing_intake.handlers.capture import KNOWN_MACHINES, capture
from marketing_intake.handlers.submission import Idempotency, Outcome, Replayed, Submission
from marketing_intake.repository import answers, capturing, strays

TOKENS_KEPT: Final = timedelta(days=3)
"""Longer than any vendor's signature is young enough to be verified."""
STRAYS_MAX: Final = 50
SAMPLE_BYTES_MAX: Final = 2048
DONE: Final = (200, b"{}")


@dataclass(frozen=True, slots=True)
class Spent:
    """The request's token came before, with another body: somebody plays it again."""


@dataclass(frozen=True, slots=True)
class Stray:
    """A request that is not from whom it says, or too large to be read."""

    source_id: str
    component: str
    reason: str
    sample: bytes
    body_bytes: int


def once_key(token: str, body: bytes) -> Idempotency:
    """A token as it is kept, bound to the body that it came with."""
    hashed = hashlib.sha256(b"once:" + token.encode()).digest()
    return Idempotency(hashed, hashlib.sha256(body).digest(), TOKENS_KEPT)


async def capture_once(
    submissions: Sequence[Submission],
    once: Idempotency,
    tx: Transaction,
    machines: Machines = KNOWN_MACHINES,
) -> list[Outcome] | Spent:
    """Capture a request whose token may be used once. The same request again changes nothing."""
    await tx.begin()
    source_id = submissions[0].source_id
    known = await capturing.load_answers(tx, [(source_id, once.key_hash)])
    answer = known.get((source_id, once.key_hash))
    if answer is None:
        outcomes = await capture(submissions, tx, machines)
        key, until = (once.key_hash, once.fingerprint), tx.now + TOKENS_KEPT
        await answers.insert_answer(tx, source_id, key, DONE, kept_until=until)
        return outcomes
    if answer.fingerprint != once.fingerprint:
        return Spent()
    return [Replayed(*DONE) for _ in submissions]


async def keep_stray(stray: Stray, tx: Transaction) -> bool:
    """Keep the beginning of it, unless there are enough of its source's; says whether it was."""
    return await strays.insert_stray(
        tx,
        (new_id(), stray.source_id, stray.component, stray.reason),
        (stray.body_bytes, stray.sample[:SAMPLE_BYTES_MAX]),
        at_most=STRAYS_MAX,
    )
