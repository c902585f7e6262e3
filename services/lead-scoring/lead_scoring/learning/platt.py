"""A straight line through log-odds, fitted to what came true (J. Platt 1999)."""

from typing import Final

import numpy as np

from lead_scoring.domain.probability.calibration import Platt
from lead_scoring.learning.frame import Floats

ROUNDS: Final = 50


def platt_of(log_odds: Floats, won: Floats, weights: Floats, *, trust: float) -> Platt:
    """Newton's method on intercept and slope; `trust` cases speak for leaving all as it is.

    The slope is never below 0: a model may be mended, not turned round.
    """
    line = np.array([0.0, 1.0])
    matrix = np.column_stack([np.ones(len(log_odds)), log_odds])
    for _ in range(ROUNDS):
        predicted = 1 / (1 + np.exp(-np.clip(matrix @ line, -35, 35)))
        slope = matrix.T @ (weights * (predicted - won)) + trust * (line - np.array([0.0, 1.0]))
        bend = weights * np.maximum(predicted * (1 - predicted), 1e-4)
        step = np.linalg.solve(matrix.T @ (matrix * bend[:, None]) + trust * np.eye(2), slope)
        line = line - np.clip(step, -0.5, 0.5)
        if float(np.max(np.abs(step))) < 1e-8:
            break
    return Platt(float(line[0]), float(max(line[1], 0.0)))
