"""Cases as columns of numbers, in the order in which they were decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baton.contracts.vocabulary import Outcome
from lead_scoring.domain.facts import Value
from lead_scoring.domain.probability.prediction import word_or_number
from lead_scoring.domain.probability.segmented import segment_of
from lead_scoring.learning.cases import Case

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

NO_WORD = -1


@dataclass(frozen=True, slots=True)
class Column:
    """One trait of all cases: the place of its word in the vocabulary, or its number, or neither.

    `words` is `NO_WORD` and `numbers` is nan where there is none.
    """

    name: str
    vocabulary: tuple[str, ...]
    words: Integers
    numbers: Floats


@dataclass(frozen=True, slots=True)
class Frame:
    """All cases; `closed` is infinite where a case is open to this day."""

    decided: Floats
    closed: Floats
    won: Booleans
    columns: tuple[Column, ...]
    segments: tuple[str, ...]
    segment: Integers

    def __len__(self) -> int:
        """How many cases there are."""
        return len(self.decided)


@dataclass(frozen=True, slots=True)
class Known:
    """What was known at the moment `now` of the first cases of a frame."""

    frame: Frame
    now: float
    ages: Floats
    won: Booleans
    lost: Booleans

    @property
    def count(self) -> int:
        """How many cases had been decided."""
        return len(self.ages)

    @property
    def open(self) -> Booleans:
        """Whose outcome was not known yet."""
        return ~(self.won | self.lost)


def frame_of(cases: Iterable[Case], segment: str | None = None) -> Frame:
    """The cases in the order of their decisions; those of one moment stay as they came."""
    ordered = sorted(cases, key=lambda case: case.decided_at)
    names = sorted({name for case in ordered for name in case.traits})
    segments = [segment_of(case.traits, segment) if segment else "" for case in ordered]
    vocabulary, places = _places(segments)
    return Frame(
        decided=np.array([case.decided_at for case in ordered], dtype=np.float64),
        closed=np.array([_closed(case) for case in ordered], dtype=np.float64),
        won=np.array([case.outcome is Outcome.WON for case in ordered], dtype=np.bool_),
        columns=tuple(_column(name, [one.traits.get(name) for one in ordered]) for name in names),
        segments=vocabulary,
        segment=places,
    )


def known_at(frame: Frame, count: int, now: float) -> Known:
    """The first `count` cases as they stood at `now`: what closed later was open then."""
    is_closed = frame.closed[:count] <= now
    won = frame.won[:count]
    ages = np.maximum(now - frame.decided[:count], 0.0)
    return Known(frame, now, ages, won & is_closed, ~won & is_closed)


def _closed(case: Case) -> float:
    if case.outcome is None:
        return float("inf")
    return case.decided_at if case.closed_at is None else case.closed_at


def _column(name: str, values: Sequence[Value | None]) -> Column:
    read = [word_or_number(value) for value in values]
    vocabulary, places = _places([one if isinstance(one, str) else None for one in read])
    numbers = [one if isinstance(one, float) else float("nan") for one in read]
    return Column(name, vocabulary, places, np.array(numbers, dtype=np.float64))


def _places(words: Sequence[str | None]) -> tuple[tuple[str, ...], Integers]:
    """Each word once, in the order of first appearance, and where each stands."""
    known: dict[str, int] = {}
    places = [NO_WORD if one is None else known.setdefault(one, len(known)) for one in words]
    return tuple(known), np.array(places, dtype=np.int64)
