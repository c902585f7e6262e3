"""The lag of outcomes: an open case is not a lost one, it may be won later."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import minimize

from lead_scoring.learning.delays import LEAST_DAYS, SHAPES, Delay
from lead_scoring.learning.frame import Booleans, Floats, Known

GROUPS: Final = 300
"""Ages and delays are taken in so many groups of equal counts: the fit costs the same for any
number of cases."""
OUTCOMES_MIN: Final = 20
"""Wins with a delay before its shape is fitted; with fewer, open cases say nothing."""
NEVER: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Lag:
    """When wins and losses are heard of. Without `won` no lag is known: all is heard at once.

    `lost_share` is the share of those not won whose loss is ever reported; without `lost` only wins are.
    """

    won: Delay | None
    lost: Delay | None
    lost_share: float

    def counted(self, known: Known) -> Booleans:
        """Which cases say anything: without a lag, open ones only where no loss is ever told."""
        if self.won is not None or not np.any(known.lost):
            return np.ones(known.count, dtype=np.bool_)
        return ~known.open

    def won_share(self, known: Known, probabilities: Floats) -> Floats:
        """Each case as a share of a win: 1, 0, or what an open one may still become (Bayes)."""
        open_won, open_lost = self.still_open(known.ages)
        may_win = probabilities * open_won
        shares = may_win / np.maximum(may_win + (1 - probabilities) * open_lost, NEVER)
        return np.where(known.won, 1.0, np.where(known.lost, 0.0, shares))

    def losses(self, known: Known, probabilities: Floats) -> Floats:
        """The negative log of the probability of what is seen so far, in nats; 0 if not counted."""
        open_won, open_lost = self.still_open(known.ages)
        seen_open = probabilities * open_won + (1 - probabilities) * open_lost
        closed = np.where(known.won, probabilities, 1 - probabilities)
        losses = -np.log(np.maximum(np.where(known.open, seen_open, closed), NEVER))
        return np.where(self.counted(known), losses, 0.0)

    def still_open(self, ages: Floats) -> tuple[Floats, Floats]:
        """Of cases of these ages, how probable it is to be open if won, and if not."""
        if self.won is None:
            return np.zeros(len(ages)), np.ones(len(ages))
        if self.lost is None:
            return 1 - self.won.heard_by(ages), np.ones(len(ages))
        return 1 - self.won.heard_by(ages), 1 - self.lost_share * self.lost.heard_by(ages)


AT_ONCE: Final = Lag(None, None, 1.0)


def lag_of(known: Known) -> Lag:
    """The most probable lag, given what has been seen; its shape is chosen among three.

    The likelihood is that of a cure model: a case is won with one probability and then after some
    delay; an open one has either not been won yet or never will be.
    """
    closed = known.frame.closed[: known.count]
    delays = np.maximum(closed - known.frame.decided[: known.count], 0.0)
    if not np.any(delays[known.won | known.lost] > 0):
        return AT_ONCE
    seen = _Seen.of(delays, known)
    if seen.wins < OUTCOMES_MIN:
        return AT_ONCE
    fitted = [_fitted(seen, shape) for shape in SHAPES]
    return min(fitted, key=lambda one: one[0])[1]


@dataclass(frozen=True, slots=True)
class _Grouped:
    values: Floats
    counts: Floats

    @classmethod
    def of(cls, values: Floats) -> "_Grouped":
        parts = [one for one in np.array_split(np.sort(values), GROUPS) if len(one)]
        means = np.array([np.mean(one) for one in parts])
        return cls(means, np.array([len(one) for one in parts], dtype=np.float64))

    def total(self, terms: Floats) -> float:
        return float(self.counts @ terms) if len(self.counts) else 0.0


@dataclass(frozen=True, slots=True)
class _Seen:
    won: _Grouped
    lost: _Grouped
    open: _Grouped
    wins: int
    lost_count: int

    @classmethod
    def of(cls, delays: Floats, known: Known) -> "_Seen":
        won, lost = delays[known.won], delays[known.lost]
        groups = (_Grouped.of(won), _Grouped.of(lost), _Grouped.of(known.ages[known.open]))
        return cls(*groups, len(won), len(lost))


def _fitted(seen: _Seen, shape: str) -> tuple[float, Lag]:
    """The lag of one shape, with the negative log of its likelihood."""
    has_losses = seen.lost_count >= OUTCOMES_MIN
    start = [_logit(seen.wins / (seen.wins + seen.lost_count + seen.open.counts.sum())), 0.7]
    start += [float(np.log(np.maximum(np.median(seen.won.values), LEAST_DAYS))), 0.0]
    if has_losses:
        start += [float(np.log(np.maximum(np.median(seen.lost.values), LEAST_DAYS))), 0.0]

    def loss(point: Floats) -> float:
        return _loss(seen, *_read(point, shape, has_losses=has_losses))

    found = minimize(loss, np.array(start), method="Nelder-Mead", options={"maxiter": 2000, "xatol": 1e-4, "fatol": 1e-4})
    _, lag = _read(found.x, shape, has_losses=has_losses)
    return float(found.fun), lag


def _read(point: Floats, shape: str, *, has_losses: bool) -> tuple[float, Lag]:
    def delay(at: int) -> Delay:
        return Delay(shape, float(np.exp(point[at])), float(np.exp(np.clip(point[at + 1], -3, 3))))

    probability = _logistic(point[0])
    if not has_losses:
        return probability, Lag(delay(2), None, 0.0)
    return probability, Lag(delay(2), delay(4), _logistic(point[1]))


def _loss(seen: _Seen, probability: float, lag: Lag) -> float:
    assert lag.won is not None
    likelihood = seen.won.total(np.log(probability * lag.won.density(seen.won.values) + NEVER))
    if lag.lost is not None:
        rest = (1 - probability) * lag.lost_share
        likelihood += seen.lost.total(np.log(rest * lag.lost.density(seen.lost.values) + NEVER))
    open_won, open_lost = lag.still_open(seen.open.values)
    still = probability * open_won + (1 - probability) * open_lost
    return -likelihood - seen.open.total(np.log(still + NEVER))


def _logistic(point: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(point, -30, 30))))


def _logit(share: float) -> float:
    bounded = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log(bounded / (1 - bounded)))
