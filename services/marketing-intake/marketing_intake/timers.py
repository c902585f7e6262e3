"""The clock door: old keys are forgotten, second tombstones are sent, imports are tidied up."""

from datetime import timedelta

from baton.timers import Timer
from baton.transaction import Transaction
from marketing_intake.handlers import imports
from marketing_intake.handlers.people import bury_again
from marketing_intake.repository.answers import forget_answers


def make_timers(idempotency_hours: int, import_days: int) -> tuple[Timer, ...]:
    """What happens because time passes."""

    async def forget_old_answers(tx: Transaction) -> int:
        return await forget_answers(tx, tx.now - timedelta(hours=idempotency_hours))

    async def tidy_imports(tx: Transaction) -> int:
        return await imports.tidy(tx, kept_days=import_days)

    return (
        Timer("forget_answers", every_seconds=60.0, handler=forget_old_answers, limit=5000),
        Timer("bury_again", every_seconds=30.0, handler=bury_again, limit=100),
        Timer(
            "tidy_imports", every_seconds=5.0, handler=tidy_imports, limit=imports.CHUNKS_FORGOTTEN
        ),
    )
