"""Whether a prediction is better than the base rate: judged on the replay, with its uncertainty."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from lead_scoring.learning.frame import Booleans, Floats, Integers
from lead_scoring.learning.streams import Stream
from lead_scoring.learning.timeline import Moment
from lead_scoring.learning.vectors import probabilities

MEMORIES: Final = (0.95, 0.7)
"""How much a chunk counts against the one after it. The long memory finds a small skill that
stays, the short one a skill that has come lately."""
STANDARD_ERRORS: Final = 2.25
"""A gain that chance alone would show once in forty times, looked at twice, is not believed."""
GAIN_MIN: Final = 0.002
"""Of the base rate's log-loss. Less is no use to anybody, however certain."""
OUTCOMES_MIN: Final = 40
"""Wins, and losses, in the replay: with fewer, the errors of the error are too large."""
CHUNKS_MIN: Final = 3
HALVINGS: Final = 40


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
    """Compare them on all replayed cases among these, newer ones counting for more.

    Skill is to know who is won rather than how many: in each chunk both are first moved to the
    chunk's own level. Then cases are independent of each other, whatever has drifted, and a model
    that was lucky with the level has no advantage. One whose level was clearly worse has no skill.
    """
    rows = moment.replayed
    rows = rows[among[rows] & (moment.counted[rows] > 0)]
    wins = int(np.sum(moment.known.won[rows]))
    numbers = moment.numbers[rows]
    enough = min(wins, len(rows) - wins) >= OUTCOMES_MIN
    if not enough or len(np.unique(numbers)) < CHUNKS_MIN:
        return NOTHING_SEEN
    levelled = _levelled(moment, base, rows)
    gains = levelled[rows] - _levelled(moment, champion, rows)[rows]
    as_they_are = (moment.losses(base.probabilities) - moment.losses(champion.probabilities))[rows]
    verdicts = []
    for memory in MEMORIES:
        weights = np.asarray(memory ** (moment.chunk - 1 - numbers), dtype=np.float64)
        gain, error = _mean(gains, weights)
        worse, worse_error = _mean(-as_they_are, weights)
        least = GAIN_MIN * _mean(levelled[rows], weights)[0]
        margin = max(STANDARD_ERRORS * error, least)
        is_worse = worse > STANDARD_ERRORS * worse_error
        verdicts.append(
            Verdict(gain > margin and not is_worse, gain, error, margin, is_enough=True)
        )
    return max(verdicts, key=lambda one: (one.has_skill, one.gain - one.margin))


def _mean(values: Floats, weights: Floats) -> tuple[float, float]:
    """A weighted mean and its standard error."""
    mean = float(np.average(values, weights=weights))
    error = np.sqrt(np.sum((weights * (values - mean)) ** 2)) / np.sum(weights)
    return mean, float(error)


def _levelled(moment: Moment, stream: Stream, rows: Integers) -> Floats:
    """The losses if each chunk were predicted at its own level."""
    predicted = stream.probabilities[: moment.known.count].copy()
    shares = moment.lag.won_share(moment.known, np.nan_to_num(predicted, nan=0.5))
    for chunk in np.unique(moment.numbers[rows]):
        own = rows[moment.numbers[rows] == chunk]
        predicted[own] = _moved(predicted[own], float(np.mean(shares[own])))
    return moment.losses(predicted)


def _moved(predicted: Floats, wanted: float) -> Floats:
    """Moved in log-odds until as many are predicted as have been won, or may still be."""
    log_odds = np.log(predicted / (1 - predicted))
    low, high = -20.0, 20.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        too_many = float(np.mean(probabilities(log_odds + middle))) > wanted
        low, high = (low, middle) if too_many else (middle, high)
    return probabilities(log_odds + low)
