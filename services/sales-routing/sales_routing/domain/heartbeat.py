"""The clock that stands still while Baton is down: beats, gaps, and the time that counts."""

from datetime import datetime, timedelta
from typing import Final

BEAT_SECONDS: Final = 1.0
TOLERANCE_SECONDS: Final = 5.0
"""A beat may be late by this much; a longer silence is a standstill."""


def standstill(last_beat: datetime | None, now: datetime) -> timedelta | None:
    """How long nobody could answer, or None when the last beat is recent."""
    if last_beat is None or now - last_beat <= timedelta(seconds=TOLERANCE_SECONDS):
        return None
    return now - last_beat


def time_that_counts(last_beat: datetime | None, now: datetime) -> datetime:
    """The time that deadlines are held against: after a silence, the last beat's.

    What asks before the first beat after a standstill has moved the deadlines must not find them
    passed.
    """
    return now if last_beat is None or standstill(last_beat, now) is None else last_beat
