"""The base rate: what is said of everybody when nothing that was learned says more."""

from dataclasses import dataclass

from lead_scoring.domain.probability.prediction import Prediction, Traits


@dataclass(frozen=True, slots=True)
class BaseRate:
    """The same log-odds for every lead: no skill."""

    log_odds: float

    def predict(self, traits: Traits) -> Prediction:  # noqa: ARG002 the traits say nothing here
        """The base rate, whatever the traits."""
        return Prediction(self.log_odds, {}, has_skill=False)
