"""Who gets which prospect: rules, pools, capacity and the pick, for a batch decided in memory.

A board is loaded once, under the locks of its pools, and then decides one prospect after another.
Each decision takes the next number of its pool's log and names the eligible set it chose from.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from baton.contracts.vocabulary import UnassignedReason
from sales_routing.domain.prospect import OfferRole
from sales_routing.domain.routing import Standing
from sales_routing.domain.rules import Profile, Rulebook, pool_wanted
from sales_routing.domain.wheel import Wheel


@dataclass(frozen=True, slots=True)
class Seat:
    """A rep in a pool: how they stand, how many more they can hold, whether they are there."""

    standing: Standing
    room: int | None
    """None: no limit."""
    is_present: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """A numbered decision: `eligible` has a bit for each member of the pool in id order."""

    pool_id: str
    number: int
    rep_id: str
    eligible: int


@dataclass(frozen=True, slots=True)
class Placed:
    """Somebody is to be asked: the fairest of those who can, or at last the fallback owner."""

    decision: Decision
    role: OfferRole
    accept_seconds: float | None = None
    """How long the pool gives them, if it says so."""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Nobody can have it now."""

    pool_id: str | None
    reason: UnassignedReason


Placement = Placed | Unplaced


@dataclass(slots=True)
class Pool:
    """One pool while a batch is decided. `seats` are its members in the order of rep ids."""

    id: str
    number: int
    accept_seconds: float | None
    seats: Sequence[Seat]
    wheel: Wheel = field(init=False)
    indexes: dict[str, int] = field(init=False)
    there: int = 0
    """Who is there, with or without room, as bits."""

    def __post_init__(self) -> None:
        self.wheel = Wheel([seat.standing for seat in self.seats])
        self.indexes = {seat.standing.rep_id: n for n, seat in enumerate(self.seats)}
        for index, seat in enumerate(self.seats):
            if seat.is_present:
                self.there |= 1 << index

    def tried(self, rep_ids: Sequence[str]) -> list[int]:
        """The indexes of those members who were asked before."""
        return [self.indexes[rep_id] for rep_id in rep_ids if rep_id in self.indexes]


@dataclass(slots=True)
class Board:
    """All pools that a batch may need, and the capacity that their members share."""

    rulebook: Rulebook
    pools: Mapping[str, Pool]
    rooms: dict[str, int | None] = field(init=False)
    taken: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.rooms = {
            seat.standing.rep_id: seat.room for pool in self.pools.values() for seat in pool.seats
        }
        for pool in self.pools.values():
            for index, seat in enumerate(pool.seats):
                if seat.is_present and self._has_room(seat.standing.rep_id):
                    pool.wheel.come(index)

    def place(self, profile: Profile, tried: Sequence[str]) -> Placement:
        """Decide who gets a prospect that these reps have declined or let expire."""
        pool_id = pool_wanted(self.rulebook, profile, self._is_manned)
        pool = None if pool_id is None else self.pools.get(pool_id)
        if pool is None:
            return Unplaced(pool_id, UnassignedReason.NO_REP)
        sitting_out = pool.tried(tried)
        barred = sum(1 << index for index in sitting_out)
        if eligible := pool.wheel.present & ~barred:
            decision = self._pick(pool, sitting_out, eligible)
            return Placed(decision, OfferRole.MEMBER, pool.accept_seconds)
        if pool.there & ~barred:
            return Unplaced(pool.id, UnassignedReason.NO_CAPACITY)
        owner_id = self.rulebook.fallback_owner_id
        if tried and owner_id is not None:
            return Placed(self._numbered(pool, owner_id, 0), OfferRole.FALLBACK_OWNER)
        return Unplaced(pool.id, UnassignedReason.NO_REP)

    def _pick(self, pool: Pool, sitting_out: Sequence[int], eligible: int) -> Decision:
        index = pool.wheel.pick(sitting_out)
        rep_id = pool.seats[index].standing.rep_id
        self._take(rep_id)
        return self._numbered(pool, rep_id, eligible)

    def _take(self, rep_id: str) -> None:
        self.taken[rep_id] += 1
        room = self.rooms[rep_id]
        if room is not None:
            self.rooms[rep_id] = room - 1
        if not self._has_room(rep_id):
            for pool in self.pools.values():
                if rep_id in pool.indexes:
                    pool.wheel.go(pool.indexes[rep_id])

    def _has_room(self, rep_id: str) -> bool:
        room = self.rooms[rep_id]
        return room is None or room > 0

    def _is_manned(self, pool_id: str) -> bool:
        pool = self.pools.get(pool_id)
        return pool is not None and pool.there != 0

    def _numbered(self, pool: Pool, rep_id: str, eligible: int) -> Decision:
        pool.number += 1
        return Decision(pool.id, pool.number, rep_id, eligible)
