"""Calibration, learned from what was predicted before and heard since; used only where it helps."""

import itertools
from enum import StrEnum
from typing import Final

import numpy as np
from sklearn.isotonic import isotonic_regression

from lead_scoring.domain.probability.calibration import Isotonic, Platt
from lead_scoring.learning.frame import Floats
from lead_scoring.learning.mixing import MEMORY
from lead_scoring.learning.platt import platt_of
from lead_scoring.learning.streams import Stream, chunk_losses
from lead_scoring.learning.timeline import Moment

OUTCOMES_MIN: Final = 200
"""Wins, and losses, in the replay before anything is mended: two numbers, or a step function, are
learned from them, and a mistake in them spoils every probability."""
CHUNKS_MIN: Final = 6
"""Chunks in which a calibration was replayed before it may be chosen."""
STEADY: Final = 2.0
"""Of how many standard errors its gain must be."""
TRUST: Final = 50.0
"""How many cases the straight line of no calibration is worth to Platt's."""
BLOCK_WORTH: Final = 10.0
"""How many cases the mean is worth to a block of an isotonic calibration: no block is certain."""


class Method(StrEnum):
    """What may mend the champion."""

    NONE = "none"
    PLATT = "platt"
    ISOTONIC = "isotonic"


def fit_platt(moment: Moment, raw: Stream) -> Platt | None:
    """The line that mends what was predicted so far; None with too few outcomes."""
    taught = _taught(moment, raw)
    return None if taught is None else platt_of(*taught, trust=TRUST)


def fit_isotonic(moment: Moment, raw: Stream) -> Isotonic | None:
    """The rising line that mends what was predicted so far; None with too few outcomes."""
    taught = _taught(moment, raw)
    return None if taught is None else _isotonic(*taught)


def chosen_method(moment: Moment, raw: Stream, mended: dict[Method, Stream]) -> Method:
    """What would have done better in the replay, steadily; otherwise nothing is mended."""
    plain = chunk_losses(moment, raw)
    best, best_gain = Method.NONE, 0.0
    for method, stream in mended.items():
        gains = plain - chunk_losses(moment, stream)
        gains = gains[np.isfinite(gains)]
        if len(gains) < CHUNKS_MIN:
            continue
        error = float(np.std(gains, ddof=1) / np.sqrt(len(gains)))
        gain = float(np.mean(gains))
        if gain > max(best_gain, STEADY * error):
            best, best_gain = method, gain
    return best


def _taught(moment: Moment, raw: Stream) -> tuple[Floats, Floats, Floats] | None:
    """Log-odds as predicted, shares of wins, and how much each counts."""
    rows = moment.replayed[moment.counted[moment.replayed] > 0]
    predicted = raw.probabilities[: moment.known.count]
    won = moment.lag.won_share(moment.known, np.nan_to_num(predicted, nan=0.5))[rows]
    weights = MEMORY ** (moment.chunk - 1 - moment.numbers[rows]) * moment.counted[rows]
    if min(np.sum(won), np.sum(1 - won)) < OUTCOMES_MIN:
        return None
    return np.log(predicted[rows] / (1 - predicted[rows])), won, np.asarray(weights)


def _isotonic(log_odds: Floats, won: Floats, weights: Floats) -> Isotonic:
    """Pool adjacent violators, then one point for each block, drawn to the mean."""
    order = np.argsort(log_odds, kind="stable")
    rates = isotonic_regression(won[order], sample_weight=weights[order])
    _, firsts = np.unique(rates, return_index=True)
    bounds = [*sorted(firsts.tolist()), len(order)]
    mean = float(np.average(won, weights=weights))
    given, mended = [], []
    for first, last in itertools.pairwise(bounds):
        own = order[first:last]
        cases = float(np.sum(weights[own]))
        rate = (float(rates[first]) * cases + BLOCK_WORTH * mean) / (cases + BLOCK_WORTH)
        given.append(float(np.average(log_odds[own], weights=weights[own])))
        mended.append(float(np.log(rate / (1 - rate))))
    heights = np.maximum.accumulate(mended)
    kept = [at for at in range(len(given)) if at == 0 or given[at] > given[at - 1]]
    return Isotonic([given[at] for at in kept], [float(heights[at]) for at in kept])
