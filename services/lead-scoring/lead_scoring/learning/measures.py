"""How good probabilities are: log-loss, Brier score, AUC, calibration error."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from lead_scoring.domain.probability.prediction import PROBABILITY_MIN
from lead_scoring.learning.frame import Booleans, Floats

BINS: Final = 10
"""Of equal counts; ten is what reliability plots have, and each holds enough to have a mean."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Of predictions whose outcomes are known; None where there is nothing to measure."""

    cases: int
    log_loss: float | None
    brier: float | None
    auc: float | None
    calibration_error: float | None
    mean_predicted: float | None
    mean_actual: float | None


NOTHING: Final = Measures(0, None, None, None, None, None, None)


def measure(predicted: Floats, won: Booleans) -> Measures:
    """All measures at once; the AUC needs both outcomes."""
    if len(predicted) == 0:
        return NOTHING
    actual = won.astype(np.float64)
    return Measures(
        cases=len(predicted),
        log_loss=float(np.mean(log_losses(predicted, won))),
        brier=float(np.mean((predicted - actual) ** 2)),
        auc=area_under_curve(predicted, won),
        calibration_error=calibration_error(predicted, won),
        mean_predicted=float(np.mean(predicted)),
        mean_actual=float(np.mean(actual)),
    )


def log_losses(predicted: Floats, won: Booleans) -> Floats:
    """For each case the negative log of the probability of what happened, in nats."""
    bounded = np.clip(predicted, PROBABILITY_MIN, 1 - PROBABILITY_MIN)
    return -np.log(np.where(won, bounded, 1 - bounded))


def area_under_curve(predicted: Floats, won: Booleans) -> float | None:
    """The probability that a win was predicted above a loss; ties count half (Mann-Whitney)."""
    wins, losses = int(np.sum(won)), int(np.sum(~won))
    if wins == 0 or losses == 0:
        return None
    _, places, counts = np.unique(predicted, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return float((np.sum(ranks[won]) - wins * (wins + 1) / 2) / (wins * losses))


def calibration_error(predicted: Floats, won: Booleans) -> float:
    """The mean distance of predicted and actual over bins of equal counts, weighted by count.

    Equal predictions stand in one bin, so that a constant has one gap.
    """
    edges = np.unique(np.quantile(predicted, np.linspace(0, 1, BINS + 1)[1:-1]))
    bins = np.searchsorted(edges, predicted, side="left")
    counts = np.bincount(bins)
    gaps = np.abs(np.bincount(bins, predicted) - np.bincount(bins, won.astype(np.float64)))
    return float(np.sum(gaps) / np.sum(counts))
