"""What mends a model whose probabilities are too bold or too shy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lead_scoring.domain.probability.additive import Line
from lead_scoring.domain.probability.prediction import Model, Prediction, Traits

NEARLY_NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Platt:
    """A straight line through the log-odds. Source: J. Platt (1999)."""

    intercept: float
    slope: float

    def at(self, log_odds: float) -> float:
        """The mended log-odds."""
        return self.intercept + self.slope * log_odds


@dataclass(frozen=True, slots=True)
class Isotonic:
    """Rising, straight between points of log-odds, level beyond them."""

    given: Sequence[float]
    mended: Sequence[float]

    def at(self, log_odds: float) -> float:
        """The mended log-odds."""
        return Line(self.given, self.mended).at(log_odds)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A model and what mends it; contributions grow or shrink in proportion."""

    model: Model
    calibration: Platt | Isotonic

    def predict(self, traits: Traits) -> Prediction:
        """What the model says, mended."""
        raw = self.model.predict(traits)
        if not raw.has_skill:
            return raw
        added = sum(raw.contributions.values())
        log_odds = self.calibration.at(raw.base + added)
        stretch = 1.0
        if abs(added) > NEARLY_NOTHING:
            stretch = (log_odds - self.calibration.at(raw.base)) / added
        contributions = {name: stretch * amount for name, amount in raw.contributions.items()}
        return Prediction(log_odds - stretch * added, contributions)
