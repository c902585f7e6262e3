"""How things stand at a moment: the fitted models, how they are mixed, mended and believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from lead_scoring.domain.probability.average import Average
from lead_scoring.domain.probability.base_rate import BaseRate
from lead_scoring.domain.probability.calibration import Calibrated, Isotonic, Platt
from lead_scoring.domain.probability.prediction import Model, log_odds_of, probability_of
from lead_scoring.domain.probability.segmented import Segmented
from lead_scoring.learning.calibrating import Method
from lead_scoring.learning.experts import Fitted
from lead_scoring.learning.frame import Floats
from lead_scoring.learning.settings import Settings
from lead_scoring.learning.skill import Verdict

WEIGHT_MIN: Final = 0.005
"""An expert that counts for less is not served."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that a prediction at this moment is made of.

    `histories` are the weights of the experts within each candidate, `leaders` those of all
    experts together.
    """

    fitted: Fitted
    histories: Mapping[str, Floats]
    leaders: Floats
    base_weights: Floats
    calibrations: Mapping[Method, Platt | Isotonic]
    method: Method
    verdict: Verdict
    segments: Mapping[str, Verdict]
    settings: Settings

    def expert_weights(self) -> dict[str, Floats]:
        """How much each expert of each candidate counts in the champion; all together 1."""
        ends = np.cumsum([len(own) for own in self.histories.values()])[:-1]
        return dict(zip(self.histories, np.split(self.leaders, ends), strict=True))

    def champion(self) -> Model:
        """The champion, mended if that helps, whether it has skill or not."""
        mixed = self._mixed()
        if self.method is Method.NONE:
            return mixed
        return Calibrated(mixed, self.calibrations[self.method])

    def served(self) -> Model:
        """The champion where it has skill, the base rate where it has none."""
        base = self.base_rate()
        overall = self.champion() if self.verdict.has_skill else base
        trait = self.settings.segment
        if trait is None or not isinstance(base, Segmented):
            return overall
        others = {
            name: self.champion() if verdict.has_skill else base.models.get(name, base.otherwise)
            for name, verdict in self.segments.items()
            if verdict.has_skill != self.verdict.has_skill
        }
        if not self.verdict.has_skill:
            others = {**base.models, **others}
            overall = base.otherwise
        return Segmented(trait, others, overall) if others else overall

    def base_rate(self) -> Model:
        """The base rate over the histories that are believed, per segment if there are any."""
        first = self.fitted.base_rates[0]
        if not isinstance(first, Segmented):
            return self._mean_rate([_rate(one, "") for one in self.fitted.base_rates])
        names = {
            name
            for one in self.fitted.base_rates
            if isinstance(one, Segmented)
            for name in one.models
        }
        models: dict[str, Model] = {
            name: self._mean_rate([_rate(one, name) for one in self.fitted.base_rates])
            for name in sorted(names)
        }
        overall = self._mean_rate([_rate(one, None) for one in self.fitted.base_rates])
        return Segmented(first.trait, models, overall)

    def _mean_rate(self, rates: list[float]) -> BaseRate:
        return BaseRate(log_odds_of(float(self.base_weights @ np.array(rates))))

    def _mixed(self) -> Model:
        weights, models = [], []
        for name, own in self.expert_weights().items():
            for weight, model in zip(own, self.fitted.models[name], strict=True):
                if weight >= WEIGHT_MIN:
                    weights.append(float(weight))
                    models.append(model)
        total = sum(weights)
        return Average([weight / total for weight in weights], models)


def _rate(model: Model, segment: str | None) -> float:
    match model:
        case BaseRate():
            return probability_of(model.log_odds)
        case Segmented():
            own = model.otherwise if segment is None else model.models.get(segment, model.otherwise)
            return _rate(own, None)
        case _:
            raise TypeError(f"{type(model).__name__} is no base rate")
