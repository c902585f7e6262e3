"""Several models as one: the weighted mean of their probabilities, explained in log-odds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lead_scoring.domain.probability.prediction import (
    Model,
    Prediction,
    Traits,
    log_odds_of,
    probability_of,
)

NEARLY_NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Average:
    """Models and their weights, which add up to 1."""

    weights: Sequence[float]
    models: Sequence[Model]

    def predict(self, traits: Traits) -> Prediction:
        """The weighted mean; there is skill when any of the models has some.

        What a trait adds to a model's log-odds moves its probability in proportion, and that
        moves the log-odds of the mean in proportion: secants, so that nothing is lost or left.
        """
        parts = [model.predict(traits) for model in self.models]
        base_mean = mean = 0.0
        moved: dict[str, float] = {}
        for weight, part in zip(self.weights, parts, strict=True):
            base, probability = probability_of(part.base), part.probability
            base_mean += weight * base
            mean += weight * probability
            slope = weight * _secant(part.base, part.log_odds, base, probability)
            for name, amount in part.contributions.items():
                moved[name] = moved.get(name, 0.0) + slope * amount
        base, log_odds = log_odds_of(base_mean), log_odds_of(mean)
        stretch = 1 / _secant(base, log_odds, base_mean, mean)
        contributions = {name: stretch * amount for name, amount in moved.items()}
        exact = log_odds - sum(contributions.values())
        has_skill = any(part.has_skill for part in parts)
        return Prediction(exact, contributions, has_skill=has_skill)


def _secant(from_log_odds: float, to_log_odds: float, start: float, end: float) -> float:
    """How much probability moves for each log-odd between the two."""
    distance = to_log_odds - from_log_odds
    if abs(distance) > NEARLY_NOTHING:
        return (end - start) / distance
    return start * (1 - start)
