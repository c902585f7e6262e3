"""A model per segment: the values of one trait decide whose model speaks."""

from collections.abc import Mapping
from dataclasses import dataclass

from lead_scoring.domain.probability.prediction import Model, Prediction, Traits, word_or_number


@dataclass(frozen=True, slots=True)
class Segmented:
    """Models by the value of a trait, and one for everybody else."""

    trait: str
    models: Mapping[str, Model]
    otherwise: Model

    def predict(self, traits: Traits) -> Prediction:
        """What the segment's own model says; never another segment's."""
        segment = segment_of(traits, self.trait)
        return self.models.get(segment, self.otherwise).predict(traits)


def segment_of(traits: Traits, trait: str) -> str:
    """The segment as a word; empty when nothing is known."""
    value = word_or_number(traits.get(trait))
    return "" if value is None else str(value)
