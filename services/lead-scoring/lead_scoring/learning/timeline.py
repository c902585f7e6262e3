"""The moments of a replay: history in chunks, and what was known when each of them began."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from lead_scoring.learning.frame import Floats, Frame, Integers, Known, known_at
from lead_scoring.learning.lag import Lag, lag_of

HEARD_MIN: Final = 0.5
"""A prediction is judged when more outcomes of its age have been heard than not."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A frame in chunks of equal counts; `starts` has one place more than there are chunks."""

    frame: Frame
    starts: tuple[int, ...]

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return len(self.starts) - 1

    def moment(self, chunk: int) -> "Moment":
        """When this chunk begins. The one after the last is the end of what was heard."""
        start = self.starts[chunk]
        now = self.end if chunk == self.chunks else float(self.frame.decided[start])
        return self.moment_at(chunk, now)

    @property
    def end(self) -> float:
        """The last that was heard of anything; 0 when there is nothing."""
        closed = self.frame.closed[np.isfinite(self.frame.closed)]
        return float(np.max(np.concatenate([self.frame.decided, closed]), initial=0.0))

    def moment_at(self, chunk: int, now: float) -> "Moment":
        """The beginning of a chunk, with what was known at `now`."""
        known = known_at(self.frame, self.starts[chunk], now)
        stop = self.starts[min(chunk + 1, self.chunks)]
        coming = np.arange(self.starts[chunk], stop)
        numbers = np.repeat(np.arange(chunk), np.diff(self.starts[: chunk + 1]))
        cases = self.starts[chunk] / max(chunk, 1)
        lag = lag_of(known)
        return Moment(chunk, known, lag, lag.counted(known), coming, numbers, cases)


@dataclass(frozen=True, slots=True)
class Moment:
    """The beginning of a chunk: what was known, the lag as it looked, and the cases to come.

    `numbers` has the chunk of each case that had been decided.
    """

    chunk: int
    known: Known
    lag: Lag
    counted: Floats
    coming: Integers
    numbers: Integers
    cases_per_chunk: float

    @property
    def replayed(self) -> Integers:
        """Cases that were predicted when they came, and whose outcomes should be heard by now.

        None of the first chunk was predicted. A case whose outcome is mostly still to come would be
        judged by how the lag was guessed.
        """
        return np.flatnonzero((self.numbers > 0) & (self.lag.heard(self.known.ages) >= HEARD_MIN))

    def losses(self, probabilities: Floats) -> Floats:
        """What is seen by now of each decided case, as a log-loss of its prediction."""
        return self.lag.losses(self.known, probabilities[: self.known.count])


def timeline_of(frame: Frame, chunks: int) -> Timeline:
    """Equal counts; with fewer cases than chunks, a chunk for each case."""
    count = max(min(chunks, len(frame)), 1)
    return Timeline(frame, tuple(round(len(frame) * at / count) for at in range(count + 1)))
