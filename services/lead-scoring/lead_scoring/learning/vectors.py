"""What a served model says of many cases at once: the same sums as `predict`, in columns."""

import numpy as np

from lead_scoring.domain.probability.additive import Additive, Line, Steps, Weights
from lead_scoring.domain.probability.average import Average
from lead_scoring.domain.probability.base_rate import BaseRate
from lead_scoring.domain.probability.calibration import Calibrated, Isotonic, Platt
from lead_scoring.domain.probability.prediction import PROBABILITY_MIN, Model
from lead_scoring.domain.probability.segmented import Segmented
from lead_scoring.domain.probability.trees import LEAF, Feature, Tree, Trees
from lead_scoring.learning.frame import NO_WORD, Column, Floats, Frame, Integers


def probabilities(log_odds: Floats) -> Floats:
    """The probabilities that log-odds mean, within the bounds of what is served."""
    found = 1 / (1 + np.exp(-np.clip(log_odds, -700, 700)))
    return np.asarray(np.clip(found, PROBABILITY_MIN, 1 - PROBABILITY_MIN))


def log_odds(model: Model, frame: Frame, rows: Integers) -> Floats:
    """The log-odds of each of these cases."""
    match model:
        case BaseRate():
            return np.full(len(rows), model.log_odds)
        case Additive():
            return _additive(model, frame, rows)
        case Trees():
            return _trees(model, frame, rows)
        case Calibrated():
            return mended(model.calibration, log_odds(model.model, frame, rows))
        case Average():
            parts = [probabilities(log_odds(one, frame, rows)) for one in model.models]
            mean = np.array(model.weights) @ np.array(parts)
            return np.asarray(np.log(mean / (1 - mean)))
        case Segmented():
            return _segmented(model, frame, rows)
        case _:
            raise TypeError(f"{type(model).__name__} is no kind of model that is known")


def mended(calibration: Platt | Isotonic, raw: Floats) -> Floats:
    """Calibrated log-odds."""
    match calibration:
        case Platt(intercept, slope):
            return intercept + slope * raw
        case Isotonic(given, mended_):
            return np.interp(raw, given, mended_)


def _additive(model: Additive, frame: Frame, rows: Integers) -> Floats:
    total = np.full(len(rows), model.base)
    columns = {column.name: column for column in frame.columns}
    for name, weights in model.traits.items():
        column = columns.get(name)
        total += weights.missing if column is None else _weighed(weights, column, rows)
    return total


def _weighed(weights: Weights, column: Column, rows: Integers) -> Floats:
    places, numbers = column.words[rows], column.numbers[rows]
    table = np.array([weights.words.get(word, weights.other) for word in column.vocabulary])
    added = np.full(len(rows), weights.missing)
    is_word, is_number = places != NO_WORD, ~np.isnan(numbers)
    added[is_word] = table[places[is_word]] if len(table) else 0.0
    match weights.numbers:
        case Line(knots, heights):
            added[is_number] = np.interp(numbers[is_number], knots, heights)
        case Steps(edges, heights):
            steps = np.searchsorted(np.array(edges), numbers[is_number], side="right")
            added[is_number] = np.array(heights)[steps]
        case None:
            added[is_number] = weights.other
    return added


def _trees(model: Trees, frame: Frame, rows: Integers) -> Floats:
    columns = {column.name: column for column in frame.columns}
    table = [_numbers(one, columns.get(one.trait), rows) for one in model.features]
    matrix = np.array(table).reshape(len(table), len(rows))
    total = np.full(len(rows), model.base)
    for tree in model.trees:
        total += _leaves(tree, matrix) - tree.values[0]
    return total


def _numbers(feature: Feature, column: Column | None, rows: Integers) -> Floats:
    if column is None:
        return np.full(len(rows), np.nan)
    if feature.words is None:
        return column.numbers[rows]
    places = column.words[rows]
    table = np.array([feature.words.get(word, feature.other) for word in column.vocabulary])
    found = np.full(len(rows), np.nan)
    found[places != NO_WORD] = table[places[places != NO_WORD]] if len(table) else 0.0
    return found


def _leaves(tree: Tree, matrix: Floats) -> Floats:
    features, thresholds = np.array(tree.features), np.array(tree.thresholds)
    left, right, values = np.array(tree.left), np.array(tree.right), np.array(tree.values)
    missing_left = np.array(tree.missing_left)
    nodes = np.zeros(matrix.shape[1], dtype=np.int64)
    while np.any(features[nodes] != LEAF):
        inner = np.flatnonzero(features[nodes] != LEAF)
        at = nodes[inner]
        numbers = matrix[features[at], inner]
        goes_left = np.where(np.isnan(numbers), missing_left[at], numbers <= thresholds[at])
        nodes[inner] = np.where(goes_left, left[at], right[at])
    return np.asarray(values[nodes])


def _segmented(model: Segmented, frame: Frame, rows: Integers) -> Floats:
    total = np.empty(len(rows))
    own = frame.segment[rows]
    for place, name in enumerate(frame.segments):
        places = np.flatnonzero(own == place)
        if len(places):
            chosen = model.models.get(name, model.otherwise)
            total[places] = log_odds(chosen, frame, rows[places])
    return total
