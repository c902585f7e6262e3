"""After how long an outcome is heard of: as counted, or as one of three shapes that go on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtr

from lead_scoring.learning.frame import Floats

LEAST_DAYS: Final = 0.25
"""A shorter delay counts as this: dates without a time of day say no more."""
SQRT_2_PI: Final = 2.5066282746310002


@dataclass(frozen=True, slots=True)
class Counted:
    """The share heard by each of some ages in days, straight in between."""

    ages: Floats
    shares: Floats

    def heard_by(self, ages: Floats) -> Floats:
        """The share of outcomes that is heard by an age in days."""
        return np.interp(ages, self.ages, self.shares, left=0.0)


@dataclass(frozen=True, slots=True)
class Delay:
    """A distribution of days: its name in `SHAPES`, a scale in days, and a steepness."""

    shape: str
    scale: float
    steepness: float

    def heard_by(self, ages: Floats) -> Floats:
        """The share of outcomes that is heard by an age in days."""
        return SHAPES[self.shape][0](self._standard(ages))

    def density(self, days: Floats) -> Floats:
        """How dense outcomes are after so many days, per day."""
        standard = self._standard(days)
        slope = self.steepness / np.maximum(days, LEAST_DAYS)
        return np.asarray(SHAPES[self.shape][1](standard) * slope)

    def _standard(self, days: Floats) -> Floats:
        return self.steepness * np.log(np.maximum(days, LEAST_DAYS) / self.scale)


def _logistic(standard: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(standard, -500, 500)))


def _logistic_density(standard: Floats) -> Floats:
    share = _logistic(standard)
    return share * (1 - share)


def _weibull(standard: Floats) -> Floats:
    return -np.expm1(-np.exp(np.clip(standard, -500, 500)))


def _weibull_density(standard: Floats) -> Floats:
    raised = np.exp(np.clip(standard, -500, 500))
    return np.asarray(raised * np.exp(-raised))


def _normal(standard: Floats) -> Floats:
    return np.asarray(ndtr(standard))


def _normal_density(standard: Floats) -> Floats:
    return np.asarray(np.exp(-0.5 * standard**2) / SQRT_2_PI)


Shape = Callable[[Floats], Floats]
SHAPES: Final[dict[str, tuple[Shape, Shape]]] = {
    "log-logistic": (_logistic, _logistic_density),
    "Weibull": (_weibull, _weibull_density),
    "log-normal": (_normal, _normal_density),
}
"""By the logarithm of days: the share heard, and its slope."""
