"""Whether a prediction is better than the base rate: judged on the replay, with its uncertainty."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from lead_scoring.learning.frame import Booleans
from lead_scoring.learning.streams import Stream
from lead_scoring.learning.timeline import Moment

STANDARD_ERRORS: Final = 2.0
"""A gain that chance alone would show once in about forty times is not believed."""
GAIN_MIN: Final = 0.002
"""Of the base rate's log-loss. Less is no use to anybody, however certain."""
OUTCOMES_MIN: Final = 40
"""Wins, and losses, in the replay: with fewer, the errors of the error are too large."""
CHUNKS_MIN: Final = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """The mean gain in log-loss over the base rate, its standard error, and what was asked for."""

    has_skill: bool
    gain: float
    standard_error: float
    margin: float
    is_enough: bool

    @property
    def words(self) -> str:
        """What is said of it."""
        return "skill" if self.has_skill else "no skill"


NOTHING_SEEN: Final = Verdict(
    has_skill=False, gain=0.0, standard_error=0.0, margin=0.0, is_enough=False
)


def verdict_of(moment: Moment, champion: Stream, base: Stream, among: Booleans) -> Verdict:
    """Compare them on all replayed cases among these, case by case, errors by chunk.

    Cases of one chunk share their fate, so the chunks are what is counted as independent.
    """
    rows = moment.replayed
    rows = rows[among[rows] & moment.counted[rows]]
    wins = int(np.sum(moment.known.won[rows]))
    others = len(rows) - wins
    numbers = moment.numbers[rows] - 1
    if min(wins, others) < OUTCOMES_MIN or len(np.unique(numbers)) < CHUNKS_MIN:
        return NOTHING_SEEN
    base_losses = moment.losses(base.probabilities)[rows]
    gains = base_losses - moment.losses(champion.probabilities)[rows]
    counts = np.bincount(numbers)
    sums = np.bincount(numbers, gains)[counts > 0]
    counts = counts[counts > 0]
    gain = float(np.mean(gains))
    spread = float(np.sum((sums - gain * counts) ** 2))
    error = np.sqrt(spread * len(counts) / (len(counts) - 1)) / len(rows)
    margin = max(STANDARD_ERRORS * float(error), GAIN_MIN * float(np.mean(base_losses)))
    return Verdict(gain > margin, gain, float(error), margin, is_enough=True)
