"""The pick: who of those who can take a prospect is owed it most.

Each decision owes one prospect, shared by weight among those who were eligible for it. A rep's
*shortfall* is what they are owed less what they got. Only who is owed at least `MARGIN` is due;
of those the one goes first who will soonest be owed a whole prospect. That is Tijdeman's solution
of the chairman assignment problem (1980) with a fixed margin: while the eligible set stays the
same, nobody is ever a whole prospect ahead or behind. Plain largest shortfall does not promise it.

Shortfalls are whole numbers of 1/`SCALE` of a prospect, so that a log can be recomputed exactly.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

SCALE: Final = 1 << 50
"""One prospect. A weight's share is cut down to a whole number; at a weight of 1,000 and a million
decisions the cuts add up to less than a millionth of a prospect, and 8,000 still fit in 63 bits."""
MARGIN: Final = SCALE >> 13
"""Tijdeman allows 1/(2n-2) for n reps; a margin that does not depend on n keeps keys comparable
while reps come and go. It serves pools of up to 4,097 reps."""
LIMIT: Final = SCALE - MARGIN
PRECISION: Final = 1 << 20
"""How finely deadlines are told apart when they are divided by the weight."""
WEIGHT_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class Standing:
    """How a rep stands in a pool: their weight, what they got, and what they are still owed."""

    rep_id: str
    weight: int
    received: int = 0
    shortfall: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """Who was picked, and how the pool stands after it."""

    rep_id: str
    standings: tuple[Standing, ...]


def choose(standings: Iterable[Standing], eligible: Collection[str]) -> Choice:
    """Pick one of the eligible reps; ties go to the larger weight, then to the smaller id.

    This is the definition, in time proportional to the number of reps; `Wheel` does the same
    faster. `eligible` must name at least one of the reps who stand in the pool.
    """
    share = SCALE // sum(one.weight for one in standings if one.rep_id in eligible)
    owed = {
        one.rep_id: replace(one, shortfall=one.shortfall + one.weight * share)
        if one.rep_id in eligible
        else one
        for one in standings
    }
    able = [one for one in owed.values() if one.rep_id in eligible]
    due = [one for one in able if one.shortfall >= MARGIN]
    picked = min(due, key=_whole_soonest) if due else min(able, key=_due_soonest)
    return Choice(picked.rep_id, _credited(owed, picked))


def _credited(owed: Mapping[str, Standing], picked: Standing) -> tuple[Standing, ...]:
    credited = replace(picked, received=picked.received + 1, shortfall=picked.shortfall - SCALE)
    return tuple(credited if one.rep_id == picked.rep_id else one for one in owed.values())


def deadline(shortfall: int, weight: int) -> int:
    """When a rep will be owed a whole prospect, in turns; the smaller the sooner."""
    return (LIMIT - shortfall) * PRECISION // weight


def release(shortfall: int, weight: int) -> int:
    """When a rep will be due, in turns, rounded up; not above 0 for one who is due."""
    return -((shortfall - MARGIN) // weight)


def _whole_soonest(one: Standing) -> tuple[int, int, str]:
    return deadline(one.shortfall, one.weight), -one.weight, one.rep_id


def _due_soonest(one: Standing) -> tuple[int, int, str]:
    return release(one.shortfall, one.weight), -one.weight, one.rep_id
