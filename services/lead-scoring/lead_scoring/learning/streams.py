"""What was predicted for each case when it came, kept to be judged by what is heard later."""

from dataclasses import dataclass

import numpy as np

from lead_scoring.learning.frame import Floats
from lead_scoring.learning.timeline import Moment


@dataclass(slots=True)
class Stream:
    """A probability for each case of a frame; nan for those that nobody has predicted yet."""

    probabilities: Floats

    @classmethod
    def empty(cls, size: int) -> "Stream":
        """A stream of nothing yet."""
        return cls(np.full(size, np.nan))


def chunk_losses(moment: Moment, stream: Stream) -> Floats:
    """The mean loss of each chunk after the first, by what is seen at this moment."""
    rows = moment.replayed
    losses = moment.losses(stream.probabilities)[rows]
    numbers = moment.numbers[rows] - 1
    size = max(moment.chunk - 1, 0)
    counts = np.bincount(numbers, moment.counted[rows], size)
    sums = np.bincount(numbers, losses, size)
    return np.asarray(sums / np.maximum(counts, 1))
