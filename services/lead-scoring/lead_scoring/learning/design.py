"""Traits as a matrix for regression: words by themselves, rare ones pooled, numbers in hats."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from lead_scoring.domain.probability.additive import Line, Weights
from lead_scoring.learning.frame import NO_WORD, Column, Floats, Integers
from lead_scoring.learning.lessons import Lessons

QUANTILES: Final = (0.01, 0.2, 0.4, 0.6, 0.8, 0.99)
"""Where a number's line may bend; what lies beyond the outer two is taken for them."""
NO_FEATURE: Final = -1


@dataclass(frozen=True, slots=True)
class Block:
    """The features of one trait: which column of the matrix each stands in, -1 for none."""

    column: Column
    words: Integers
    other: int
    missing: int
    knots: Floats
    first_knot: int


@dataclass(frozen=True, slots=True)
class Design:
    """How traits are turned into numbers; made from lessons alone."""

    blocks: tuple[Block, ...]
    width: int

    def matrix(self, rows: Integers) -> Floats:
        """A row for each case, a column for each feature."""
        matrix = np.zeros((len(rows), self.width))
        for block in self.blocks:
            _fill(matrix, block, rows)
        return matrix

    def weights(self, coefficients: Floats, means: Floats) -> dict[str, Weights]:
        """What each trait adds, so that over the lessons each adds nothing in the mean."""
        return {one.column.name: _weights(one, coefficients, means) for one in self.blocks}


def design_of(lessons: Lessons) -> Design:
    """Choose the features: what was seen often enough, and knots where numbers are."""
    kept = _kept_words(lessons)
    blocks, width = [], 0
    for column, words in zip(lessons.frame.columns, kept, strict=True):
        block, following = _block(column, words, lessons, width)
        if following > width:
            blocks.append(block)
        width = following
    return Design(tuple(blocks), width)


def _kept_words(lessons: Lessons) -> list[Integers]:
    """Of each column the words that count by themselves: the most frequent ones of all."""
    counts = [_counts(column, lessons) for column in lessons.frame.columns]
    everything = np.sort(np.concatenate([np.empty(0), *counts]))[::-1]
    settings = lessons.settings
    least = float(settings.word_cases_min)
    if len(everything) > settings.features_max:
        least = max(least, float(everything[settings.features_max]) + 1e-9)
    return [np.flatnonzero(count >= least) for count in counts]


def _counts(column: Column, lessons: Lessons) -> Floats:
    places = column.words[lessons.rows]
    has_word = places != NO_WORD
    return np.bincount(
        places[has_word], lessons.weights[has_word], minlength=len(column.vocabulary)
    ).astype(np.float64)


def _block(column: Column, kept: Integers, lessons: Lessons, first: int) -> tuple[Block, int]:
    least = lessons.settings.word_cases_min
    numbers, places = column.numbers[lessons.rows], column.words[lessons.rows]
    is_number, is_word = ~np.isnan(numbers), places != NO_WORD
    knots = _knots(numbers[is_number]) if np.sum(is_number) >= least else np.empty(0)
    words = np.full(len(column.vocabulary), NO_FEATURE, dtype=np.int64)
    words[kept] = first + np.arange(len(kept))
    following = first + len(kept)
    pooled = (is_word & ~np.isin(places, kept)) | (is_number if len(knots) == 0 else False)
    other, following = _one_more(int(np.sum(pooled)), least, following)
    missing, following = _one_more(int(np.sum(~is_word & ~is_number)), least, following)
    block = Block(column, words, other, missing, knots, following)
    return block, following + (len(knots) if len(knots) > 1 else 0)


def _one_more(seen: int, least: int, following: int) -> tuple[int, int]:
    return (following, following + 1) if seen >= least else (NO_FEATURE, following)


def _knots(numbers: Floats) -> Floats:
    distinct = np.unique(numbers)
    if len(distinct) <= len(QUANTILES):
        return distinct
    return np.unique(np.quantile(numbers, QUANTILES))


def _fill(matrix: Floats, block: Block, rows: Integers) -> None:
    places, numbers = block.column.words[rows], block.column.numbers[rows]
    is_word, is_number = places != NO_WORD, ~np.isnan(numbers)
    features = np.full(len(rows), block.missing)
    if len(block.words):
        found = block.words[np.where(is_word, places, 0)]
        features = np.where(is_word, np.where(found == NO_FEATURE, block.other, found), features)
    if len(block.knots) == 0:
        features = np.where(is_number, block.other, features)
    else:
        features = np.where(is_number, NO_FEATURE, features)
    counted = np.flatnonzero(features != NO_FEATURE)
    matrix[counted, features[counted]] = 1.0
    if len(block.knots) > 1:
        for place in range(len(block.knots)):
            hat = np.interp(numbers[is_number], block.knots, np.eye(len(block.knots))[place])
            matrix[is_number, block.first_knot + place] = hat


def _weights(block: Block, coefficients: Floats, means: Floats) -> Weights:
    padded = np.append(coefficients, 0.0)  # NO_FEATURE reads the last place: it adds nothing
    own = [*block.words[block.words != NO_FEATURE], block.other, block.missing]
    own += list(range(block.first_knot, block.first_knot + _hats(block)))
    mean = sum(coefficients[place] * means[place] for place in own if place != NO_FEATURE)
    return Weights(
        words={
            block.column.vocabulary[place]: float(coefficients[feature] - mean)
            for place, feature in enumerate(block.words)
            if feature != NO_FEATURE
        },
        other=float(padded[block.other] - mean),
        missing=float(padded[block.missing] - mean),
        numbers=_line(block, coefficients, mean),
    )


def _line(block: Block, coefficients: Floats, mean: float) -> Line | None:
    if len(block.knots) == 0:
        return None
    heights = coefficients[block.first_knot : block.first_knot + _hats(block)]
    if len(block.knots) == 1:
        heights = np.zeros(1)
    return Line(block.knots.tolist(), (heights - mean).tolist())


def _hats(block: Block) -> int:
    return len(block.knots) if len(block.knots) > 1 else 0
