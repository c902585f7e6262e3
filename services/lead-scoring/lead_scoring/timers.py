"""The clock door: what happens because time passed, and how often it is looked for."""

from functools import partial
from typing import Final

from baton.timers import Timer
from lead_scoring.handlers.clocks import pass_due

DUE_SECONDS: Final = 1.0
"""Points fade over days: a second late is soon enough, and the moment itself is what is said."""


def timers(limit: int) -> tuple[Timer, ...]:
    """What this service does by itself; `limit` is how many people one run takes."""
    return (Timer("pass_due", DUE_SECONDS, partial(pass_due, limit=limit), limit),)
