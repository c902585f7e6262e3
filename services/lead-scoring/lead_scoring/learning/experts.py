"""Experts: each candidate on each history that it is tried with, fitted at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lead_scoring.domain.probability.prediction import Model
from lead_scoring.learning.candidates import (
    base_rate,
    gradient_boosting,
    logistic_regression,
    naive_bayes,
)
from lead_scoring.learning.frame import Floats
from lead_scoring.learning.histories import ALL, FEW_HISTORIES, HISTORIES, LONG_HISTORIES, History
from lead_scoring.learning.lessons import Candidate, Lessons
from lead_scoring.learning.settings import Settings
from lead_scoring.learning.timeline import HEARD_MIN, Moment
from lead_scoring.learning.vectors import log_odds, probabilities

BASE_RATE: Final = "base_rate"
AVERAGE: Final = "average"
CANDIDATES: Final[Mapping[str, tuple[Candidate, tuple[History, ...]]]] = {
    "naive_bayes": (naive_bayes.learn, FEW_HISTORIES),
    "logistic_regression": (logistic_regression.learn, HISTORIES),
    "following_regression": (logistic_regression.learn_and_follow, HISTORIES[1:6]),
    "gradient_boosting": (gradient_boosting.learn, FEW_HISTORIES),
}
"""What may lead, each with the histories that it is tried with; their average is one more."""
ROUNDS: Final = 4
"""How often open cases are shared out anew; each round nears what the last one left by half."""
START_ROUNDS: Final = 30


@dataclass(frozen=True, slots=True)
class Fitted:
    """The models of each candidate at a moment, one for each of its histories."""

    models: Mapping[str, Sequence[Model]]
    base_rates: Sequence[Model]


def fit_experts(moment: Moment, settings: Settings) -> Fitted:
    """Fit all candidates on what was known at the moment."""
    lessons = {one.name: lessons_of(moment, one, settings) for one in HISTORIES}
    models = {
        name: [_learned(learn, lessons[one.name]) for one in histories]
        for name, (learn, histories) in CANDIDATES.items()
    }
    return Fitted(models, [base_rate.learn(lessons[one.name]) for one in LONG_HISTORIES])


def expert_names() -> dict[str, list[str]]:
    """Of each candidate, the names of its experts."""
    return {
        name: [f"{name}, {one.name}" for one in histories]
        for name, (_, histories) in CANDIDATES.items()
    }


def lessons_of(moment: Moment, history: History, settings: Settings) -> Lessons:
    """The cases of a history, an open one shared between win and loss by what it may become.

    A history whose outcomes are mostly still to come would teach guesses: all of history stands
    in for it. Expectation and maximisation (A. Dempster 1977): shares make a model, the model
    makes shares.
    """
    weights = _weights(moment, history)
    if float(weights @ moment.lag.heard(moment.known.ages)) < HEARD_MIN * float(np.sum(weights)):
        weights = _weights(moment, ALL)
    rows = np.flatnonzero(weights > 0)
    shares = _by_base_rate(moment, weights)
    lessons = Lessons(moment.known.frame, rows, weights[rows], shares[rows], settings)
    if moment.lag.won is None or not is_enough(lessons):
        return lessons
    everybody = np.arange(moment.known.count)
    for _ in range(ROUNDS):
        model = logistic_regression.learn(lessons)
        predicted = probabilities(log_odds(model, lessons.frame, everybody))
        shares = moment.lag.won_share(moment.known, predicted)
        lessons = Lessons(lessons.frame, rows, weights[rows], shares[rows], settings)
    return lessons


def _weights(moment: Moment, history: History) -> Floats:
    return np.asarray(history.weights(moment.chunk - 1 - moment.numbers) * moment.counted)


def is_enough(lessons: Lessons) -> bool:
    """Whether there are outcomes enough to learn more from than the base rate."""
    return min(lessons.wins, lessons.losses) >= lessons.settings.outcomes_min


def _learned(learn: Candidate, lessons: Lessons) -> Model:
    return learn(lessons) if is_enough(lessons) else base_rate.learn(lessons)


def _by_base_rate(moment: Moment, weights: Floats) -> Floats:
    rate, shares = 0.5, np.zeros(moment.known.count)
    for _ in range(START_ROUNDS):
        shares = moment.lag.won_share(moment.known, np.full(moment.known.count, rate))
        rate = (float(weights @ shares) + 0.5) / (float(np.sum(weights)) + 1.0)
    return shares
