"""How much of history a candidate learns from: all of it, the last parts, or with forgetting."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from lead_scoring.learning.frame import Floats, Integers

LEAST_WEIGHT: Final = 0.01
"""A case that counts for less is left out."""


@dataclass(frozen=True, slots=True)
class History:
    """The last `chunks` of those before now, or all with a half-life of so many chunks."""

    name: str
    chunks: float
    is_half_life: bool = False

    def weights(self, distances: Integers) -> Floats:
        """How much a case of each distance counts; 0 is the chunk just before."""
        if self.is_half_life:
            weights = 0.5 ** (distances / self.chunks)
            return np.asarray(np.where(weights < LEAST_WEIGHT, 0.0, weights))
        return (distances < self.chunks).astype(np.float64)


ALL: Final = History("all", float("inf"))
HISTORIES: Final = (
    ALL,
    History("half-life 3", 3.0, is_half_life=True),
    History("last 8", 8.0),
    History("last 5", 5.0),
    History("last 3", 3.0),
    History("last 2", 2.0),
    History("last 1", 1.0),
)
FEW_HISTORIES: Final = tuple(HISTORIES[at] for at in (0, 3, 5))
"""For what takes long to learn."""
LONG_HISTORIES: Final = HISTORIES[:4]
"""For the base rate, which must not follow every wave."""
