"""The clock door: old keys are forgotten, second tombstones are sent."""

from datetime import timedelta

from baton.timers import Timer
from baton.transaction import Transaction
from marketing_intake.handlers.people import bury_again
from marketing_intake.repository.answers import forget_answers


def make_timers(idempotency_hours: int) -> tuple[Timer, ...]:
    """What happens because time passes."""

    async def forget_old_answers(tx: Transaction) -> int:
        return await forget_answers(tx, tx.now - timedelta(hours=idempotency_hours))

    return (
        Timer("forget_answers", every_seconds=60.0, handler=forget_old_answers, limit=5000),
        Timer("bury_again", every_seconds=30.0, handler=bury_again, limit=100),
    )
