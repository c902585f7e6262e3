"""Naive Bayes by counting, as Odoo's predictive lead scoring does it, a segment at a time.

Source of the formula: odoo/odoo, addons/crm/models/crm_lead.py. Its defect is not taken over: there
the prior of the previous team stands for a team that has no wins; here each segment has its own
prior, and one without wins or losses is answered for by all segments together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lead_scoring.domain.probability.additive import Additive, Steps, Weights
from lead_scoring.domain.probability.calibration import Calibrated
from lead_scoring.domain.probability.prediction import Model
from lead_scoring.domain.probability.segmented import Segmented
from lead_scoring.learning.frame import NO_WORD, Column, Floats
from lead_scoring.learning.lessons import Lessons
from lead_scoring.learning.platt import platt_of
from lead_scoring.learning.vectors import log_odds

SMOOTHING: Final = 0.1
"""Added to each count of wins and of losses; 1 would weigh too much on small data."""
QUINTILES: Final = (0.2, 0.4, 0.6, 0.8)
"""Numbers are counted in fifths of those that were seen."""
TRUST: Final = 10.0
"""How many cases the counts as they are count for against the line that mends them."""

Counts = tuple[float, float]
"""Wins and losses."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Wins and losses of each value of one trait."""

    values: Mapping[str, Counts]
    is_ordered: bool = False
    """Stages that are gone through: a win counts in each of them, a loss up to where it ended."""


def learn(lessons: Lessons) -> Model:
    """Count everything together, and each segment by itself where it has wins and losses."""
    otherwise = _counted(lessons)
    trait = lessons.settings.segment
    if trait is None:
        return otherwise
    models: dict[str, Model] = {}
    for place, name in enumerate(lessons.frame.segments):
        own = lessons.of(np.flatnonzero(lessons.frame.segment[lessons.rows] == place))
        if min(own.wins, own.losses) >= lessons.settings.outcomes_min:
            models[name] = _counted(own)
    return Segmented(trait, models, otherwise)


def stage_tally(stages: Sequence[str], won: int, lost_in: Mapping[str, int]) -> Tally:
    """Wins and losses of stages that follow each other; `lost_in` says where losses ended."""
    values: dict[str, Counts] = {}
    still_there = sum(lost_in.values())
    for stage in stages:
        values[stage] = (float(won), float(still_there))
        still_there -= lost_in.get(stage, 0)
    return Tally(values, is_ordered=True)


def model_of(prior: Counts, tallies: Mapping[str, Tally]) -> Additive:
    """The model that wins and losses of all, and of each value of each trait, make."""
    won, lost = prior[0] + SMOOTHING, prior[1] + SMOOTHING
    traits = {}
    for name, tally in tallies.items():
        smoothed = {
            value: (wins + SMOOTHING, losses + SMOOTHING)
            for value, (wins, losses) in tally.values.items()
        }
        totals = (won, lost) if tally.is_ordered else _totals(smoothed)
        words = {value: _log_ratio(counts, totals) for value, counts in smoothed.items()}
        traits[name] = Weights(words=words)
    return Additive(float(np.log(won / lost)), traits)


def _totals(values: Mapping[str, Counts]) -> Counts:
    return sum(wins for wins, _ in values.values()), sum(losses for _, losses in values.values())


def _log_ratio(counts: Counts, totals: Counts) -> float:
    return float(np.log((counts[0] / totals[0]) / (counts[1] / totals[1])))


def _counted(lessons: Lessons) -> Model:
    """Counts, and a line that makes them less bold: traits that repeat each other count twice."""
    model = _bold(lessons)
    said = log_odds(model, lessons.frame, lessons.rows)
    return Calibrated(model, platt_of(said, lessons.won, lessons.weights, trust=TRUST))


def _bold(lessons: Lessons) -> Additive:
    tallies, edges = {}, {}
    for column in lessons.frame.columns:
        own = _edges(column, lessons)
        tally = Tally(_values(column, own, lessons))
        if len(tally.values) > 1:
            tallies[column.name], edges[column.name] = tally, own
    model = model_of((lessons.wins, lessons.losses), tallies)
    traits = {name: _with_steps(one, edges[name]) for name, one in model.traits.items()}
    return Additive(model.base, traits)


def _edges(column: Column, lessons: Lessons) -> Floats:
    numbers = column.numbers[lessons.rows]
    numbers = numbers[~np.isnan(numbers)]
    distinct = np.unique(numbers)
    if len(distinct) <= len(QUINTILES) + 1:
        return distinct[1:]
    return np.unique(np.quantile(numbers, QUINTILES))


def _values(column: Column, edges: Floats, lessons: Lessons) -> dict[str, Counts]:
    """Wins and losses of each word that was seen often enough, and of each fifth of numbers."""
    places, numbers = column.words[lessons.rows], column.numbers[lessons.rows]
    is_number = ~np.isnan(numbers)
    steps = len(column.vocabulary) + np.searchsorted(edges, numbers, side="right")
    places = np.where(is_number, steps, places)
    known = places != NO_WORD
    names = [*column.vocabulary, *(_step(at) for at in range(len(edges) + 1))]
    weights, won = lessons.weights[known], lessons.won[known]
    wins = np.bincount(places[known], weights * won, len(names))
    cases = np.bincount(places[known], weights, len(names))
    least = lessons.settings.word_cases_min
    return {
        name: (float(wins[at]), float(cases[at] - wins[at]))
        for at, name in enumerate(names)
        if cases[at] >= least
    }


def _step(at: int) -> str:
    return f"\0step {at}"  # no word of a trait begins with a null character


def _with_steps(weights: Weights, edges: Floats) -> Weights:
    words = {word: one for word, one in weights.words.items() if not word.startswith("\0")}
    heights = [weights.words.get(_step(at), 0.0) for at in range(len(edges) + 1)]
    if len(words) == len(weights.words):
        return Weights(words=words)
    return Weights(words=words, numbers=Steps(edges.tolist(), heights))
