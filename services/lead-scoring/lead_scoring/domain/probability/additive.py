"""A model that adds up a number per trait: naive Bayes and logistic regression are served so."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lead_scoring.domain.probability.prediction import Prediction, Traits, word_or_number


@dataclass(frozen=True, slots=True)
class Steps:
    """A number of `heights[i]` below `edges[i]`, and of the last height from the last edge on."""

    edges: Sequence[float]
    heights: Sequence[float]

    def at(self, number: float) -> float:
        """The height of the step that the number stands on."""
        return self.heights[bisect_right(self.edges, number)]


@dataclass(frozen=True, slots=True)
class Line:
    """Straight between its knots (rising), and level beyond the first and the last."""

    knots: Sequence[float]
    heights: Sequence[float]

    def at(self, number: float) -> float:
        """The height over the number."""
        knots, heights = self.knots, self.heights
        right = bisect_right(knots, number)
        if right == 0:
            return heights[0]
        if right == len(knots):
            return heights[-1]
        share = (number - knots[right - 1]) / (knots[right] - knots[right - 1])
        return heights[right - 1] + share * (heights[right] - heights[right - 1])


@dataclass(frozen=True, slots=True)
class Weights:
    """What the values of one trait add: each known word, any other word, no value, a number.

    Without `numbers` a number counts as any other word.
    """

    words: Mapping[str, float] = field(default_factory=dict)
    other: float = 0.0
    missing: float = 0.0
    numbers: Steps | Line | None = None


@dataclass(frozen=True, slots=True)
class Additive:
    """The log-odds of the average lead, and what each trait adds."""

    base: float
    traits: Mapping[str, Weights]

    def predict(self, traits: Traits) -> Prediction:
        """Add up what the traits say; those that the model does not know say nothing."""
        contributions = {}
        for name, weights in self.traits.items():
            match word_or_number(traits.get(name)):
                case None:
                    contributions[name] = weights.missing
                case str() as word:
                    contributions[name] = weights.words.get(word, weights.other)
                case number:
                    numbers = weights.numbers
                    contributions[name] = numbers.at(number) if numbers else weights.other
        return Prediction(self.base, contributions)
