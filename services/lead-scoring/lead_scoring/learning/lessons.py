"""What a candidate learns from: cases, how much each counts, and how far each is won."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from lead_scoring.domain.probability.prediction import Model
from lead_scoring.learning.frame import Floats, Frame, Integers
from lead_scoring.learning.settings import Settings


@dataclass(frozen=True, slots=True)
class Lessons:
    """Cases by their places in a frame.

    `weights` is how much each counts (1: whole), `won` the share of it that counts as won: 1 or 0
    when the outcome is known, in between when the case is open.
    """

    frame: Frame
    rows: Integers
    weights: Floats
    won: Floats
    settings: Settings

    @property
    def wins(self) -> float:
        """How many wins there are, by weight."""
        return float(np.sum(self.weights * self.won))

    @property
    def losses(self) -> float:
        """How many losses there are, by weight."""
        return float(np.sum(self.weights * (1 - self.won)))

    def of(self, places: Integers) -> "Lessons":
        """A part of the cases, by their places in `rows`."""
        return Lessons(
            self.frame, self.rows[places], self.weights[places], self.won[places], self.settings
        )


class Candidate(Protocol):
    """Something that learns a model; each is a small file of this one shape."""

    def __call__(self, lessons: Lessons) -> Model:
        """Learn from at least `outcomes_min` wins and as many losses."""
        ...
