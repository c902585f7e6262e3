"""The clock door: what is old is forgotten, second tombstones are sent, imports are tidied."""

from datetime import timedelta

from baton.timers import Timer
from baton.transaction import Transaction
from marketing_intake.handlers import imports
from marketing_intake.handlers.opt_ins import LATE_MAX, forget_late
from marketing_intake.handlers.people import bury_again
from marketing_intake.repository.answers import forget_answers
from marketing_intake.settings import IntakeSettings


def make_timers(settings: IntakeSettings) -> tuple[Timer, ...]:
    """What happens because time passes."""

    async def forget_old_answers(tx: Transaction) -> int:
        return await forget_answers(tx, tx.now - timedelta(hours=settings.idempotency_hours))

    async def tidy_imports(tx: Transaction) -> int:
        return await imports.tidy(tx, kept_days=settings.import_days)

    async def forget_unconfirmed(tx: Transaction) -> int:
        return await forget_late(tx, tx.now - timedelta(days=settings.opt_in_days))

    return (
        Timer("forget_answers", every_seconds=60.0, handler=forget_old_answers, limit=5000),
        Timer("bury_again", every_seconds=30.0, handler=bury_again, limit=100),
        Timer(
            "tidy_imports", every_seconds=5.0, handler=tidy_imports, limit=imports.CHUNKS_FORGOTTEN
        ),
        Timer("forget_unconfirmed", every_seconds=60.0, handler=forget_unconfirmed, limit=LATE_MAX),
    )
