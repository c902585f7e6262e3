"""Logistic regression with a ridge: it learns what each trait adds when the others are known."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from lead_scoring.domain.probability.additive import Additive
from lead_scoring.domain.probability.prediction import Model
from lead_scoring.learning.design import Design, design_of
from lead_scoring.learning.frame import Floats
from lead_scoring.learning.lessons import Lessons

ROUNDS_MAX: Final = 25
ENOUGH: Final = 1e-6
"""When a round moves no coefficient by more, it is over."""
HALVINGS_MAX: Final = 10
NEVER_FLAT: Final = 1e-9
NEWEST: Final = 0.2
FOLLOWING_PENALTY: Final = 60.0
"""Ten times the ridge of the first step and more: the newest fifth has to insist."""
FOLLOWING_INTERCEPT_PENALTY: Final = 5.0


def learn(lessons: Lessons) -> Model:
    """The most probable coefficients, by Newton's method."""
    return _served(_regression(lessons), lessons)


def learn_and_follow(lessons: Lessons) -> Model:
    """The same, and then moved by its newest fifth, as far as that insists.

    What each trait means changes slowly, and how many are won may change fast: the ridge of the
    second step holds the coefficients near those of the first, and the intercept hardly at all.
    """
    first = _regression(lessons)
    newest = lessons.of(np.arange(int(len(lessons.rows) * (1 - NEWEST)), len(lessons.rows)))
    matrix = _with_ones(first.design, newest)
    penalties = np.full(matrix.shape[1], FOLLOWING_PENALTY)
    penalties[0] = FOLLOWING_INTERCEPT_PENALTY
    problem = _Problem(matrix, newest.weights, newest.won, penalties, first.coefficients)
    moved = _Regression(first.design, first.matrix, _newton(problem, first.coefficients))
    return _served(moved, lessons)


@dataclass(frozen=True, slots=True)
class _Regression:
    design: Design
    matrix: Floats
    coefficients: Floats


def _regression(lessons: Lessons) -> _Regression:
    design = design_of(lessons)
    matrix = _with_ones(design, lessons)
    penalties = np.full(matrix.shape[1], lessons.settings.penalty)
    penalties[0] = 0.0
    start = np.zeros(matrix.shape[1])
    start[0] = np.log(lessons.wins / lessons.losses)
    problem = _Problem(matrix, lessons.weights, lessons.won, penalties, np.zeros(len(start)))
    return _Regression(design, matrix, _newton(problem, start))


def _with_ones(design: Design, lessons: Lessons) -> Floats:
    return np.column_stack([np.ones(len(lessons.rows)), design.matrix(lessons.rows)])


def _served(found: _Regression, lessons: Lessons) -> Additive:
    """As a sum in which each trait of the average lead adds nothing."""
    means = np.average(found.matrix, axis=0, weights=lessons.weights)
    traits = found.design.weights(found.coefficients[1:], means[1:])
    return Additive(float(found.coefficients @ means), traits)


@dataclass(frozen=True, slots=True)
class _Problem:
    """The penalised log-loss, its slope and its curvature."""

    matrix: Floats
    weights: Floats
    won: Floats
    penalties: Floats
    towards: Floats

    def loss(self, coefficients: Floats) -> float:
        log_odds = self.matrix @ coefficients
        losses = np.logaddexp(0.0, log_odds) - self.won * log_odds
        ridge = 0.5 * self.penalties @ (coefficients - self.towards) ** 2
        return float(self.weights @ losses + ridge)

    def step(self, coefficients: Floats) -> Floats:
        predicted = 1 / (1 + np.exp(-np.clip(self.matrix @ coefficients, -35, 35)))
        slope = self.matrix.T @ (self.weights * (predicted - self.won))
        slope += self.penalties * (coefficients - self.towards)
        bend = self.weights * predicted * (1 - predicted)
        curvature = self.matrix.T @ (self.matrix * bend[:, None])
        curvature[np.diag_indices_from(curvature)] += self.penalties + NEVER_FLAT
        return np.asarray(np.linalg.solve(curvature, slope))


def _newton(problem: _Problem, start: Floats) -> Floats:
    coefficients, loss = start, problem.loss(start)
    for _ in range(ROUNDS_MAX):
        step = problem.step(coefficients)
        for _ in range(HALVINGS_MAX):
            following = problem.loss(coefficients - step)
            if following <= loss:
                break
            step = step / 2
        else:
            return coefficients
        coefficients, loss = coefficients - step, following
        if float(np.max(np.abs(step))) < ENOUGH:
            break
    return coefficients
