"""Gradient boosting: small trees, each of which learns from the mistakes of those before it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from lead_scoring.domain.probability.prediction import Model
from lead_scoring.domain.probability.trees import LEAF, Feature, Tree, Trees
from lead_scoring.learning.frame import NO_WORD, Column, Floats, Integers
from lead_scoring.learning.lessons import Lessons

TREES: Final = 60
DEPTH: Final = 3
"""Three traits may speak together; deeper trees would be slower to serve and learn by heart."""
RATE: Final = 0.08
LEAF_CASES_MIN: Final = 30
RIDGE: Final = 5.0
WORD_WORTH: Final = 20.0
"""How many cases of its own the overall rate is worth to a word that was seldom seen."""


def learn(lessons: Lessons) -> Model:
    """Fit the trees, and take them out as plain numbers."""
    features, columns = [], []
    for column in lessons.frame.columns:
        for feature, numbers in _features(column, lessons):
            features.append(feature)
            columns.append(numbers)
    matrix = np.column_stack(columns) if columns else np.zeros((len(lessons.rows), 1))
    names = features or [Feature("")]
    booster = _fitted(matrix, lessons)
    base = float(np.ravel(booster._baseline_prediction)[0])  # noqa: SLF001 scikit-learn shows trees in no other way
    trees, roots = [], 0.0
    for (predictor,) in booster._predictors:  # noqa: SLF001 as above
        tree = _tree(predictor.nodes)
        trees.append(tree)
        roots += tree.values[0]
    return Trees(base + roots, tuple(names), tuple(trees))


def _features(column: Column, lessons: Lessons) -> list[tuple[Feature, Floats]]:
    """The number of a trait, and the number that stands for its word, where it has such."""
    found: list[tuple[Feature, Floats]] = []
    numbers, places = column.numbers[lessons.rows], column.words[lessons.rows]
    if not np.all(np.isnan(numbers)):
        found.append((Feature(column.name), numbers))
    if np.any(places != NO_WORD):
        found.append(_of_words(column, places, lessons))
    return found


def _of_words(column: Column, places: Integers, lessons: Lessons) -> tuple[Feature, Floats]:
    """Each word as the share of wins that it had; in the lessons, as it had before each case.

    A case that had helped to make its own number would teach the trees to trust rare words.
    Source of the idea: L. Prokhorenkova et al., "CatBoost" (2018), ordered target statistics.
    """
    overall = lessons.wins / (lessons.wins + lessons.losses)
    size = len(column.vocabulary)
    known = np.flatnonzero(places != NO_WORD)
    order = known[np.argsort(places[known], kind="stable")]
    cases, wins = lessons.weights[order], (lessons.weights * lessons.won)[order]
    cases_before, wins_before = np.cumsum(cases) - cases, np.cumsum(wins) - wins
    firsts = np.searchsorted(places[order], places[order], side="left")
    rates = _rate(wins_before - wins_before[firsts], cases_before - cases_before[firsts], overall)
    numbers = np.full(len(places), np.nan)
    numbers[order] = rates
    all_cases = np.asarray(np.bincount(places[order], cases, size), dtype=np.float64)
    all_wins = np.asarray(np.bincount(places[order], wins, size), dtype=np.float64)
    all_rates = _rate(all_wins, all_cases, overall)
    words = {
        word: float(all_rates[at]) for at, word in enumerate(column.vocabulary) if all_cases[at] > 0
    }
    return Feature(column.name, words, float(overall)), numbers


def _rate(wins: Floats, cases: Floats, overall: float) -> Floats:
    return (wins + WORD_WORTH * overall) / (cases + WORD_WORTH)


def _fitted(matrix: Floats, lessons: Lessons) -> HistGradientBoostingClassifier:
    """An open case is taught twice: as a win and as a loss, each by its share."""
    shares = np.concatenate([lessons.weights * lessons.won, lessons.weights * (1 - lessons.won)])
    labels = np.concatenate([np.ones(len(matrix)), np.zeros(len(matrix))])
    counted = shares > 0
    booster = HistGradientBoostingClassifier(
        learning_rate=RATE,
        max_iter=TREES,
        max_depth=DEPTH,
        min_samples_leaf=LEAF_CASES_MIN,
        l2_regularization=RIDGE,
        early_stopping=False,
        random_state=lessons.settings.seed,
    )
    twice = np.concatenate([matrix, matrix])
    return booster.fit(twice[counted], labels[counted], sample_weight=shares[counted])


def _tree(nodes: NDArray[np.void]) -> Tree:
    """A tree of scikit-learn as columns; an inner node gets the mean of the leaves below it."""
    is_leaf = nodes["is_leaf"].astype(bool)
    values, counts = nodes["value"].astype(np.float64), nodes["count"].astype(np.float64)
    left, right = nodes["left"].astype(np.int64), nodes["right"].astype(np.int64)
    for at in reversed(range(len(nodes))):  # children stand after their parents
        if not is_leaf[at]:
            below = [left[at], right[at]]
            values[at] = float(np.average(values[below], weights=counts[below]))
    return Tree(
        features=np.where(is_leaf, LEAF, nodes["feature_idx"]).tolist(),
        thresholds=np.where(is_leaf, 0.0, nodes["num_threshold"]).tolist(),
        left=np.where(is_leaf, 0, left).tolist(),
        right=np.where(is_leaf, 0, right).tolist(),
        missing_left=[bool(one) for one in nodes["missing_go_to_left"]],
        values=values.tolist(),
    )
