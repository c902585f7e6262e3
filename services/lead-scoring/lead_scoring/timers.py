"""The clock door: what happens because time passed, and how often it is looked for."""

from functools import partial
from typing import Final

from baton.timers import Timer
from lead_scoring.handlers.clocks import pass_due
from lead_scoring.handlers.diffing import diff_some
from lead_scoring.handlers.rescoring import rescore_some

DUE_SECONDS: Final = 1.0
"""Points fade over days: a second late is soon enough, and the moment itself is what is said."""

RESCORE_SECONDS: Final = 1.0
DIFF_SECONDS: Final = 1.0
DIFF_PEOPLE_MAX: Final = 2_000
"""So many are compared in one transaction: longer than a consumer's batch, as it locks nobody."""


def timers(limit: int) -> tuple[Timer, ...]:
    """What this service does by itself; `limit` is how many people one run takes."""
    diffing = partial(diff_some, limit=DIFF_PEOPLE_MAX)
    return (
        Timer("pass_due", DUE_SECONDS, partial(pass_due, limit=limit), limit),
        Timer("rescore", RESCORE_SECONDS, partial(rescore_some, limit=limit), limit),
        Timer("diff", DIFF_SECONDS, diffing, DIFF_PEOPLE_MAX),
    )
