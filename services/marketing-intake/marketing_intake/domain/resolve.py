"""Whose lead is it? Each lead of a batch finds its person, or is the first of a new one."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from marketing_intake.domain.identity import Identifier, counted_as
from marketing_intake.domain.identity_rules import DEFAULT_LIMITS, LIMIT_MAX

NOBODY_KNOWN: Final = 99
"""Behind every rank that an identifier of a lead can have."""
Held = Mapping[str, Mapping[str, int]]
"""How many identifiers of each kind people have already."""
NOTHING_HELD: Final[Held] = {}
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Resolution:
    """The person of each lead, in order; who is new; and which identifiers are learned.

    `met` are people of whom one lead spoke as if they were one, the smaller id first, with the
    two kinds of identifiers that said so: what to make of it is decided apart from the lead's way.
    """

    person_ids: tuple[str, ...]
    new_people: tuple[str, ...]
    learned: Mapping[Identifier, str]
    met: Mapping[Pair, frozenset[str]] = field(default_factory=dict)


def resolve(
    batch: Sequence[Sequence[Identifier]],
    known: Mapping[Identifier, str],
    make_id: Callable[[], str],
    *,
    held: Held = NOTHING_HELD,
    limits: Mapping[str, int] = DEFAULT_LIMITS,
) -> Resolution:
    """Find each lead's person by the strongest of its identifiers that is known.

    `batch` has each lead's identifiers, strongest first; `held` what the `learners` have already.
    A known stronger identifier decides, even when a weaker one belongs to somebody else: two
    people with different known e-mail addresses who give the same new phone stay two people.

    A person learns what a lead brings anew. When that would break a limit, the weakest identifier
    of the lead is given up and the rest is tried again: so a shared value does not fuse two people.
    Browsers' ids are no identifiers here; see `browsers.py`.

    Leads are placed in an order that their identifiers alone give, so that who lands with whom
    does not depend on the order in which they came.
    """
    if not known and _are_strangers(batch):
        return _new_people(batch, make_id)
    ledger = _Ledger(dict(known), held, limits)
    person_ids: list[str] = [""] * len(batch)
    new_people: list[str] = []
    waiting = []
    for position, own in enumerate(batch):
        if len(own) == 1 and own[0] in known:  # the common case: nothing to learn, nobody to meet
            person_ids[position] = known[own[0]]
        else:
            waiting.append(position)
    for position in sorted(waiting, key=lambda n: _turn(batch[n], known)):
        keys, person_id = ledger.match(batch[position])
        if person_id is None:
            person_id = make_id()
            new_people.append(person_id)
        ledger.settle(keys, person_id)
        person_ids[position] = person_id
    return Resolution(tuple(person_ids), tuple(new_people), ledger.learned, ledger.met)


def learners(
    batch: Iterable[Sequence[Identifier]], known: Mapping[Identifier, str]
) -> frozenset[str]:
    """The known people who may learn an identifier from this batch: what they hold must be told."""
    found: set[str] = set()
    for own in batch:
        owners = [known[one] for one in own if one in known]
        if 0 < len(owners) < len(own):
            found.update(owners)
    return frozenset(found)


def _are_strangers(batch: Sequence[Sequence[Identifier]]) -> bool:
    """Whether no two leads share an identifier; none of them is known."""
    if len(batch) == 1:
        return True
    count = sum(map(len, batch))
    return len({one for own in batch for one in own}) == count


def _new_people(batch: Sequence[Sequence[Identifier]], make_id: Callable[[], str]) -> Resolution:
    person_ids = tuple([make_id() for _ in batch])
    learned = {
        one: person_id for own, person_id in zip(batch, person_ids, strict=True) for one in own
    }
    return Resolution(person_ids, person_ids, learned)


def _turn(
    own: Sequence[Identifier], known: Mapping[Identifier, str]
) -> tuple[int, int, tuple[Identifier, ...]]:
    """Who is certain goes first, then who says most: the others meet what these have taught."""
    strength = next((rank for rank, one in enumerate(own) if one in known), NOBODY_KNOWN)
    return strength, -len(own), tuple(own)


@dataclass(slots=True)
class _Ledger:
    known: dict[Identifier, str]
    held: Held
    limits: Mapping[str, int]
    learned: dict[Identifier, str] = field(default_factory=dict)
    met: dict[Pair, frozenset[str]] = field(default_factory=dict)
    gained: dict[str, Counter[str]] = field(default_factory=dict)

    def match(self, own: Sequence[Identifier]) -> tuple[Sequence[Identifier], str | None]:
        """Whom the lead speaks of, and by which of its identifiers; None: somebody new."""
        keys = own
        while keys:
            deciding = next((one for one in keys if one in self.known), None)
            if deciding is None:
                return keys, None
            person_id = self.known[deciding]
            new = [one for one in keys if one not in self.known]
            if self._admits(person_id, new):
                return keys, person_id
            keys = keys[:-1]
        return keys, None

    def settle(self, keys: Sequence[Identifier], person_id: str) -> None:
        """Let the person learn what is new, and note whom else the lead spoke of."""
        deciding = next((one for one in keys if one in self.known), None)
        for one in keys:
            owner = self.known.get(one)
            if owner is None:
                self.known[one] = self.learned[one] = person_id
                self.gained.setdefault(person_id, Counter())[one.kind] += 1
            elif owner != person_id and deciding is not None:
                pair = (min(owner, person_id), max(owner, person_id))
                reason = "+".join(sorted((counted_as(deciding.kind), counted_as(one.kind))))
                self.met[pair] = self.met.get(pair, frozenset()) | {reason}

    def _admits(self, person_id: str, new: Sequence[Identifier]) -> bool:
        """Whether the person may learn what is new."""
        if not new:
            return True
        has = Counter(self.held.get(person_id, {})) + self.gained.get(person_id, Counter())
        has.update(one.kind for one in new)
        return all(has[one.kind] <= self.limits.get(counted_as(one.kind), LIMIT_MAX) for one in new)
