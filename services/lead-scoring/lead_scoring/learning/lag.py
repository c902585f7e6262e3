"""The lag of outcomes: an open case is not a lost one, it may be won later."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import minimize

from lead_scoring.learning.delays import LEAST_DAYS, SHAPES, Counted, Delay
from lead_scoring.learning.frame import Floats, Known

GROUPS: Final = 300
"""Ages and delays are taken in so many groups of equal counts: the fit costs the same for any
number of cases."""
ROUNDS_MAX: Final = 1000
OUTCOMES_MIN: Final = 20
"""Wins with a delay before its shape is fitted; with fewer, open cases say nothing."""
NEVER: Final = 1e-12
NEARLY_NEVER: Final = 1e-6
"""How probable it is to be open beyond all ages that were seen: the same for both outcomes, so
that a case which nobody has closed says nothing."""


@dataclass(frozen=True, slots=True)
class Lag:
    """When wins and losses are heard of.

    Without `won` no lag is known: all is heard at once. Without `lost` a loss is never told: who is
    not won stays open for ever. With it, `won_in_all` and `lost_in_all` are the shares of all cases
    that are won and lost in the end; others never close.
    """

    won: Delay | Counted | None
    lost: Counted | None
    won_in_all: float = 0.0
    lost_in_all: float = 0.0

    def counted(self, known: Known) -> Floats:
        """How much each case says, from 0 to 1.

        Without a lag open cases say nothing, unless there are wins and no loss is ever told. Where
        losses are told, an open case counts for as much as it is probable ever to be closed.
        """
        if self.won is None and (np.any(known.lost) or not np.any(known.won)):
            return np.where(known.open, 0.0, 1.0)
        if self.lost is None or self.won is None:
            return np.ones(known.count)
        won = self.won_in_all * (1 - self.won.heard_by(known.ages))
        closing = won + self.lost_in_all * (1 - self.lost.heard_by(known.ages))
        never = max(1 - self.won_in_all - self.lost_in_all, NEVER)
        return np.where(known.open, closing / (closing + never), 1.0)

    def heard(self, ages: Floats) -> Floats:
        """The share of outcomes that would have been heard by an age; of the slower kind."""
        if self.won is None:
            return np.ones(len(ages))
        won = self.won.heard_by(ages)
        return won if self.lost is None else np.minimum(won, self.lost.heard_by(ages))

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
        return np.asarray(losses * self.counted(known))

    def still_open(self, ages: Floats) -> tuple[Floats, Floats]:
        """Of cases of these ages, how probable it is to be open if won, and if not."""
        if self.won is None:
            return np.zeros(len(ages)), np.ones(len(ages))
        won = np.maximum(1 - self.won.heard_by(ages), NEARLY_NEVER)
        if self.lost is None:
            return won, np.ones(len(ages))
        return won, np.maximum(1 - self.lost.heard_by(ages), NEARLY_NEVER)


AT_ONCE: Final = Lag(None, None)


def lag_of(known: Known) -> Lag:
    """The lag that what has been seen makes most probable; at once when there is none.

    Where losses are told too, both are counted. Where only wins are, what has not been seen yet
    can only be guessed from a shape, and the most probable of three is taken.
    """
    closed = known.frame.closed[: known.count]
    delays = np.maximum(closed - known.frame.decided[: known.count], 0.0)
    is_closed = known.won | known.lost
    if not np.any(delays[is_closed] > 0) or int(np.sum(known.won)) < OUTCOMES_MIN:
        return AT_ONCE
    if int(np.sum(known.lost)) >= OUTCOMES_MIN:
        return _counted(known, np.where(is_closed, delays, known.ages))
    won, still_open = _Grouped.of(delays[known.won]), _Grouped.of(known.ages[known.open])
    fitted = [_fitted(won, still_open, shape) for shape in SHAPES]
    return min(fitted, key=lambda one: one[0])[1]


def _counted(known: Known, days: Floats) -> Lag:
    """Both delays by O. Aalen and S. Johansen (1978): each outcome among those still open."""
    ages, places = np.unique(np.ceil(np.maximum(days, LEAST_DAYS)), return_inverse=True)
    won = np.bincount(places, known.won)
    lost = np.bincount(places, known.lost)
    still_open = len(days) - np.concatenate([[0], np.cumsum(np.bincount(places))[:-1]])
    staying = np.cumprod(1 - (won + lost) / still_open)
    before = np.concatenate([[1.0], staying[:-1]])
    won_by, lost_by = (np.cumsum(before * one / still_open) for one in (won, lost))
    return Lag(
        won=Counted(ages, won_by / won_by[-1]),
        lost=Counted(ages, lost_by / lost_by[-1]),
        won_in_all=float(won_by[-1]),
        lost_in_all=float(lost_by[-1]),
    )


@dataclass(frozen=True, slots=True)
class _Grouped:
    values: Floats
    counts: Floats

    @classmethod
    def of(cls, values: Floats) -> "_Grouped":
        parts = [one for one in np.array_split(np.sort(values), GROUPS) if len(one)]
        means = np.array([np.mean(one) for one in parts])
        return cls(means, np.array([len(one) for one in parts], dtype=np.float64))


def _fitted(won: _Grouped, still_open: _Grouped, shape: str) -> tuple[float, Lag]:
    """The lag of one shape, with the negative log of its likelihood.

    The likelihood is that of a cure model: a case is won with one probability and then after some
    delay; an open one has either not been won yet or never will be.
    """
    cases = float(np.sum(won.counts) + np.sum(still_open.counts))
    share = float(np.sum(won.counts)) / cases
    middle = float(np.maximum(np.median(won.values), LEAST_DAYS))

    def loss(point: Floats) -> float:
        probability, delay = _read(point, shape)
        seen = np.log(probability * delay.density(won.values) + NEVER)
        unseen = np.log(1 - probability * delay.heard_by(still_open.values) + NEVER)
        return -float(won.counts @ seen + still_open.counts @ unseen)

    start = np.array([np.log(share / max(1 - share, NEVER)), np.log(middle), 0.0])
    found = minimize(loss, start, method="Nelder-Mead", options={"maxiter": ROUNDS_MAX})
    return float(found.fun), Lag(_read(found.x, shape)[1], None)


def _read(point: Floats, shape: str) -> tuple[float, Delay]:
    probability = float(1 / (1 + np.exp(-np.clip(point[0], -30, 30))))
    scale, steepness = np.exp(np.clip(point[1], -5, 12)), np.exp(np.clip(point[2], -3, 3))
    return probability, Delay(shape, float(scale), float(steepness))
