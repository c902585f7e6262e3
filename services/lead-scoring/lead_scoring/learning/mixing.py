"""How predictions are mixed: by how well each did so far, and how sharply is itself judged so.

Exponential weights over chunks (V. Vovk 1990; N. Littlestone, M. Warmuth 1994). No sharpness is
right for all histories: under drift the best so far leads astray, and without drift the plain mean
wastes what is known. So several are replayed beside each other and mixed the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lead_scoring.learning.frame import Floats, Frame
from lead_scoring.learning.histories import History
from lead_scoring.learning.streams import Stream, chunk_losses
from lead_scoring.learning.timeline import Moment

SHARPNESS: Final = (0.0, 5.0, 20.0, 60.0, 200.0)
"""Per nat of a chunk's mean log-loss: from the plain mean to nearly following the leader. No
higher than a chunk has cases, at which the weights are those of Bayes."""
SHARPNESS_OF_CHOICE: Final = 400.0
MEMORY: Final = 0.9
"""How much a chunk's loss counts against the one after it: ten chunks are remembered."""


@dataclass(slots=True)
class Mixer:
    """Mixes predictions, each with the history behind it; keeps what each sharpness predicts.

    Before anything is seen of them, members count by the length of their histories: what was
    learned from little is mostly noise.
    """

    members: tuple[History, ...]
    streams: list[Stream]

    @classmethod
    def of(cls, members: Sequence[History], frame: Frame) -> "Mixer":
        """A mixer that has seen nothing."""
        return cls(tuple(members), [Stream.empty(len(frame)) for _ in SHARPNESS])

    def weights(self, moment: Moment, members: Sequence[Stream]) -> Floats:
        """How much each member counts at this moment; they add up to 1."""
        each = self._by_sharpness(moment, members)
        own = np.array([chunk_losses(moment, stream) for stream in self.streams])
        return _weights(own, moment, SHARPNESS_OF_CHOICE, np.ones(len(SHARPNESS))) @ each

    def note(self, moment: Moment, members: Sequence[Stream]) -> None:
        """Keep what each sharpness predicts for the chunk that comes now."""
        rows = moment.coming
        predicted = np.array([member.probabilities[rows] for member in members])
        each = self._by_sharpness(moment, members)
        for stream, weights in zip(self.streams, each, strict=True):
            stream.probabilities[rows] = weights @ predicted

    def _by_sharpness(self, moment: Moment, members: Sequence[Stream]) -> Floats:
        losses = np.array([chunk_losses(moment, member) for member in members])
        distances = np.arange(moment.chunk)
        lengths = np.array([float(np.sum(one.weights(distances))) for one in self.members])
        return np.array([_weights(losses, moment, one, lengths) for one in SHARPNESS])


def _weights(losses: Floats, moment: Moment, sharpness: float, first: Floats) -> Floats:
    """Weights by the remembered losses; a row for each member, a column for each past chunk."""
    if losses.shape[1] == 0:
        return np.asarray(first / np.sum(first))
    ages = np.arange(losses.shape[1] - 1, -1, -1)
    remembered = losses @ (MEMORY**ages)
    bounded = min(sharpness, moment.cases_per_chunk)
    raw = first * np.exp(-bounded * (remembered - np.min(remembered)))
    return np.asarray(raw / np.sum(raw))
