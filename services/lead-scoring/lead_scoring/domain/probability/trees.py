"""Many small decision trees, added up: gradient boosting is served so."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lead_scoring.domain.probability.prediction import Prediction, Traits, word_or_number

LEAF = -1
"""Stands in place of a feature where a tree ends."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A number that is made of a trait: the number itself, or what stands for its word."""

    trait: str
    words: Mapping[str, float] | None = None
    other: float = math.nan

    def of(self, value: str | float | None) -> float:
        """The number; nan when the trait says nothing that this feature reads."""
        match value:
            case None:
                return math.nan
            case str() as word:
                return math.nan if self.words is None else self.words.get(word, self.other)
            case number:
                return number if self.words is None else math.nan


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes as columns; the first is the root. `values` are log-odds, of inner nodes the mean."""

    features: Sequence[int]
    thresholds: Sequence[float]
    left: Sequence[int]
    right: Sequence[int]
    missing_left: Sequence[bool]
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Trees:
    """The trees and how their features are read; the base holds the values of all roots."""

    base: float
    features: Sequence[Feature]
    trees: Sequence[Tree]

    def predict(self, traits: Traits) -> Prediction:
        """Walk each tree; a step from node to node is what the trait at that node adds.

        The way of attributing is that of A. Saabas, "Interpreting random forests" (2014).
        """
        values = {name: word_or_number(value) for name, value in traits.items()}
        row = [feature.of(values.get(feature.trait)) for feature in self.features]
        added = [0.0] * len(row)
        for tree in self.trees:
            _walk(tree, row, added)
        contributions: dict[str, float] = {}
        for feature, amount in zip(self.features, added, strict=True):
            contributions[feature.trait] = contributions.get(feature.trait, 0.0) + amount
        return Prediction(self.base, contributions)


def _walk(tree: Tree, row: Sequence[float], added: list[float]) -> None:
    features, values = tree.features, tree.values
    node = 0
    while (feature := features[node]) != LEAF:
        number = row[feature]
        goes_left = tree.missing_left[node] if number != number else number <= tree.thresholds[node]  # noqa: PLR0124 only nan differs from itself
        following = tree.left[node] if goes_left else tree.right[node]
        added[feature] += values[following] - values[node]
        node = following
