"""The clock door: what is old is forgotten, tombstones sent again, imports tidied up."""

from datetime import timedelta
from typing import Final

from baton.timers import Timer
from baton.transaction import Transaction
from marketing_intake.handlers import imports, retaining
from marketing_intake.handlers.erasure import bury_again
from marketing_intake.handlers.opt_ins import LATE_MAX, forget_late
from marketing_intake.handlers.people_candidates import (
    JUDGED_MAX,
    LOOKED_AT_MAX,
    find_alike,
    judge_met,
)
from marketing_intake.handlers.people_rules import KEYED_MAX, learn_keys
from marketing_intake.repository import enrichment
from marketing_intake.repository.answers import forget_answers
from marketing_intake.settings import IntakeSettings

RETAIN_LIMIT: Final = 2000

PEOPLE_TIMERS: Final = (
    Timer("judge_met", every_seconds=2.0, handler=judge_met, limit=JUDGED_MAX),
    # Not at once again, however much is new: it may never cost what taking leads costs.
    Timer("find_alike", every_seconds=5.0, handler=find_alike, limit=LOOKED_AT_MAX + 1),
    Timer("learn_keys", every_seconds=5.0, handler=learn_keys, limit=KEYED_MAX),
)


def make_timers(settings: IntakeSettings) -> tuple[Timer, ...]:
    """What happens because time passes."""

    async def forget_old_answers(tx: Transaction) -> int:
        return await forget_answers(tx, tx.now - timedelta(hours=settings.idempotency_hours))

    async def tidy_imports(tx: Transaction) -> int:
        return await imports.tidy(tx, kept_days=settings.import_days)

    async def forget_unconfirmed(tx: Transaction) -> int:
        return await forget_late(tx, tx.now - timedelta(days=settings.opt_in_days))

    async def forget_bodies(tx: Transaction) -> int:
        return await retaining.forget_bodies(
            tx, settings.payload_days, settings.failed_days, limit=RETAIN_LIMIT
        )

    async def forget_strays(tx: Transaction) -> int:
        return await retaining.forget_strays(tx, settings.stray_days, limit=RETAIN_LIMIT)

    async def forget_answers_of_providers(tx: Transaction) -> int:
        return await enrichment.forget_old(tx, RETAIN_LIMIT)

    return (
        Timer(
            "forget_enrichment",
            every_seconds=600.0,
            handler=forget_answers_of_providers,
            limit=RETAIN_LIMIT,
        ),
        Timer("forget_bodies", every_seconds=60.0, handler=forget_bodies, limit=RETAIN_LIMIT),
        Timer("forget_strays", every_seconds=600.0, handler=forget_strays, limit=RETAIN_LIMIT),
        Timer("forget_answers", every_seconds=60.0, handler=forget_old_answers, limit=5000),
        Timer("bury_again", every_seconds=30.0, handler=bury_again, limit=100),
        Timer(
            "tidy_imports", every_seconds=5.0, handler=tidy_imports, limit=imports.CHUNKS_FORGOTTEN
        ),
        Timer("forget_unconfirmed", every_seconds=60.0, handler=forget_unconfirmed, limit=LATE_MAX),
        *PEOPLE_TIMERS,
    )
