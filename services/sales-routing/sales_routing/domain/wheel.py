"""The pick among many reps, many times in a row: the same choices as `choose`, sooner.

Theory of operation. The wheel *turns* by 1/Σweights at each decision, and what a rep is owed is
`weight * turn + base`. So the turn at which a rep will be due, and the turn at which they will be
owed a whole prospect, do not change while others are picked: two heaps hold them. Who comes, goes,
or sits out one decision gets a new base; their old entries in the heaps are passed over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from sales_routing.domain.routing import SCALE, Standing, deadline, release

Entry = tuple[int, int, int, int]
"""Key, minus weight, index of the rep, and the stamp that tells a valid entry from an old one."""


@dataclass(slots=True)
class Wheel:
    """The reps of one pool while a batch is decided. Not a value: it turns."""

    standings: Sequence[Standing]
    """In the order of rep ids, which is the last tie-break."""
    weights: list[int] = field(init=False)
    received: list[int] = field(init=False)
    _bases: list[int] = field(init=False)
    _stamps: list[int] = field(init=False)
    _present: int = 0
    _turn: int = 0
    _weight_present: int = 0
    _waiting: list[Entry] = field(default_factory=list)
    _due: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.weights = [one.weight for one in self.standings]
        self.received = [one.received for one in self.standings]
        self._bases = [one.shortfall for one in self.standings]
        self._stamps = [0] * len(self.standings)

    @property
    def present(self) -> int:
        """Who can be picked, as bits by index."""
        return self._present

    def come(self, index: int) -> None:
        """Count a rep in; what they are owed stays what it was when they went."""
        if not self._present >> index & 1:
            self._present |= 1 << index
            self._weight_present += self.weights[index]
            self._bases[index] -= self.weights[index] * self._turn
            self._enter(index)

    def go(self, index: int) -> None:
        """Count a rep out; they are owed nothing more from now on."""
        if self._present >> index & 1:
            self._present &= ~(1 << index)
            self._weight_present -= self.weights[index]
            self._bases[index] += self.weights[index] * self._turn
            self._stamps[index] += 1

    def pick(self, sitting_out: Iterable[int] = ()) -> int:
        """Pick one of those present; `sitting_out` are present and not eligible this once."""
        out = [index for index in sitting_out if self._present >> index & 1]
        for index in out:
            self.go(index)
        self._turn += SCALE // self._weight_present
        picked = self._next_due()
        self.received[picked] += 1
        self._bases[picked] -= SCALE
        self._enter(picked)
        for index in out:
            self.come(index)
        return picked

    def after(self) -> list[Standing]:
        """How everybody stands now, in the order of `standings`."""
        return [
            Standing(one.rep_id, one.weight, self.received[index], self._shortfall(index))
            for index, one in enumerate(self.standings)
        ]

    def _shortfall(self, index: int) -> int:
        is_present = self._present >> index & 1
        return self._bases[index] + (self.weights[index] * self._turn if is_present else 0)

    def _next_due(self) -> int:
        while self._waiting and self._waiting[0][0] <= self._turn:
            _, _, index, stamp = heappop(self._waiting)
            if stamp == self._stamps[index]:
                self._push(self._due, deadline(self._bases[index], self.weights[index]), index)
        due = self._first(self._due)
        soonest = self._first(self._waiting) if due is None else due
        assert soonest is not None, "somebody eligible must be present"
        return soonest

    def _first(self, heap: list[Entry]) -> int | None:
        while heap:
            _, _, index, stamp = heappop(heap)
            if stamp == self._stamps[index]:
                return index
        return None

    def _enter(self, index: int) -> None:
        self._stamps[index] += 1
        self._push(self._waiting, release(self._bases[index], self.weights[index]), index)

    def _push(self, heap: list[Entry], key: int, index: int) -> None:
        heappush(heap, (key, -self.weights[index], index, self._stamps[index]))
