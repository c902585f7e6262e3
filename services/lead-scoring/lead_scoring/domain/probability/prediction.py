"""A prediction: a probability as a sum of what each trait adds to the odds of the average lead."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from lead_scoring.domain.facts import Value

Traits = Mapping[str, Value | None]
"""What is known of a lead when it is decided on; None is the same as absent."""

PROBABILITY_MIN: Final = 0.0001
"""Nobody is ever certain: a probability stays between this and its complement."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """Log-odds as a base and what each trait adds; a trait that adds nothing may be absent.

    Without skill it is the base rate: what was learned says no more than that.
    """

    base: float
    contributions: Mapping[str, float]
    has_skill: bool = True

    @property
    def log_odds(self) -> float:
        """The base and all contributions together."""
        return self.base + sum(self.contributions.values())

    @property
    def probability(self) -> float:
        """The probability of a win, from `PROBABILITY_MIN` to 1 - `PROBABILITY_MIN`."""
        return probability_of(self.log_odds)


class Model(Protocol):
    """Anything that predicts."""

    def predict(self, traits: Traits) -> Prediction:
        """What these traits say; never raises, whatever they are."""
        ...


def probability_of(log_odds: float) -> float:
    """The probability that these log-odds mean, within its bounds."""
    if log_odds >= 0:
        probability = 1 / (1 + math.exp(-min(log_odds, 700.0)))
    else:
        odds = math.exp(max(log_odds, -700.0))
        probability = odds / (1 + odds)
    return min(max(probability, PROBABILITY_MIN), 1 - PROBABILITY_MIN)


def log_odds_of(probability: float) -> float:
    """The log-odds of a probability; 0 and 1 count as the nearest bound."""
    bounded = min(max(probability, PROBABILITY_MIN), 1 - PROBABILITY_MIN)
    return math.log(bounded / (1 - bounded))


def word_or_number(value: Value | None) -> str | float | None:
    """How a value is read everywhere: a category, a finite number, or nothing at all."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _finite(value)
        case str():
            return value or None
        case None:
            return None


def _finite(value: float) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
