"""Who sits at a browser: an anonymous id is the weakest thing by which somebody is known.

- Whoever is nothing but a browser's id is the person of that browser, or somebody new.
- Who says who they are there, and is not known yet, is the person whom the browser had brought
  so far, if nobody else has said who they are there: what they did before becomes theirs.
- If they are known already, the two have met: a merge joins them, which `merging.judge` decides.
- If somebody else has said so before, they are another person: a browser may be shared.
- From then on the browser is theirs. What was done before stays with whom it came under.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from marketing_intake.domain.identity import Identifier, counted_as
from marketing_intake.domain.identity_guards import is_placeholder
from marketing_intake.domain.identity_rules import ANONYMOUS, DEFAULT_LIMITS
from marketing_intake.domain.resolve import NOTHING_HELD, Held, Pair

KIND: Final = "anonymous"


def browser_of(source_id: str, anonymous_id: str | None) -> Identifier | None:
    """The anonymous id as an identifier: it means something to its source alone.

    None for what says nothing, such as `null` or `0`.
    """
    if not anonymous_id or is_placeholder(anonymous_id):
        return None
    return Identifier(f"{KIND}:{source_id}", anonymous_id)


class Visit(NamedTuple):
    """What one lead or activity says of who did it: identifiers, strongest first; and where."""

    identifiers: tuple[Identifier, ...]
    browser: Identifier | None

    @property
    def is_named(self) -> bool:
        """Whether it is placed by what it says of the person; else by its browser alone."""
        return bool(self.identifiers) or self.browser is None


class Owner(NamedTuple):
    """Whose a browser is; anonymous as long as nobody has said who they are there."""

    person_id: str
    is_anonymous: bool


NOBODY: Final = Owner("", is_anonymous=True)


@dataclass(slots=True)
class Placement:
    """The person of each visit, in order; who is new; whose browsers are, that were nobody's
    (`learned`) or somebody else's (`moved`); and who `met` there, as `Resolution` has it: somebody
    anonymous, and who they turned out to be.
    """

    person_ids: list[str] = field(default_factory=list)
    new_people: list[str] = field(default_factory=list)
    learned: dict[Identifier, str] = field(default_factory=dict)
    moved: dict[Identifier, str] = field(default_factory=dict)
    met: dict[Pair, frozenset[str]] = field(default_factory=dict)


def adoptions(
    visits: Sequence[Visit],
    known: Mapping[Identifier, str],
    owners: Mapping[Identifier, Owner],
) -> dict[Identifier, str]:
    """Identifiers of people not known yet that become those of a browser's anonymous person.

    Resolve the named visits with these as if they were known, and learn them.
    """
    found: dict[Identifier, str] = {}
    claimed: set[str] = set()
    for visit in visits:
        owner = owners.get(visit.browser) if visit.browser is not None else None
        if owner is None or not visit.identifiers or not owner.is_anonymous:
            continue
        is_known = any(one in known or one in found for one in visit.identifiers)
        if not is_known and owner.person_id not in claimed:
            found[visit.identifiers[0]] = owner.person_id
        # Who says first who they are has the history; whoever comes after that is somebody else.
        claimed.add(owner.person_id)
    return found


def takers(
    visits: Sequence[Visit], resolved: Sequence[str], owners: Mapping[Identifier, Owner]
) -> frozenset[str]:
    """Who may come to have a browser: how many of them they have already must be told."""
    named = zip((visit for visit in visits if visit.is_named), resolved, strict=True)
    return frozenset(
        person_id
        for visit, person_id in named
        if visit.browser is not None and owners.get(visit.browser, NOBODY).person_id != person_id
    )


def place(
    visits: Sequence[Visit],
    resolved: Sequence[str],
    owners: Mapping[Identifier, Owner],
    make_id: Callable[[], str],
    *,
    held: Held = NOTHING_HELD,
    limit: int = DEFAULT_LIMITS[ANONYMOUS],
) -> Placement:
    """Place all visits, in the order in which they came.

    `resolved` has the named ones' people. Who has `limit` browsers takes over no more of them: so
    many are no person's, whatever they are called.
    """
    named = iter(resolved)
    people = [next(named) if visit.is_named else None for visit in visits]
    desk = _Desk(dict(owners), held, limit)
    for visit, person_id, ahead in zip(visits, people, _following(visits, people), strict=True):
        somebody = person_id
        if visit.browser is not None and person_id is not None:
            desk.name(visit, visit.browser, person_id)
        elif visit.browser is not None:
            somebody = desk.holder(visit.browser) or ahead or desk.greet(visit.browser, make_id())
        desk.placement.person_ids.append(somebody or "")
    return desk.placement


@dataclass(slots=True)
class _Desk:
    """Whose browsers are while visits are placed one after the other."""

    holders: dict[Identifier, Owner]
    held: Held
    limit: int
    gained: Counter[tuple[str, str]] = field(default_factory=Counter)
    placement: Placement = field(default_factory=Placement)

    def holder(self, browser: Identifier) -> str | None:
        owner = self.holders.get(browser)
        return None if owner is None else owner.person_id

    def greet(self, browser: Identifier, person_id: str) -> str:
        """Somebody new, of whom nothing but the browser is known."""
        self.holders[browser] = Owner(person_id, is_anonymous=True)
        self.placement.learned[browser] = person_id
        self.placement.new_people.append(person_id)
        return person_id

    def name(self, visit: Visit, browser: Identifier, person_id: str) -> None:
        """Somebody says who they are: the browser is theirs now, and so is what it brought."""
        before = self.holders.get(browser)
        if before is not None and before.person_id == person_id:
            self.holders[browser] = Owner(person_id, is_anonymous=False)
        elif self._has_room(browser, person_id):
            self._take(visit, browser, person_id, before)

    def _take(
        self, visit: Visit, browser: Identifier, person_id: str, before: Owner | None
    ) -> None:
        self.holders[browser] = Owner(person_id, is_anonymous=False)
        self.gained[person_id, browser.kind] += 1
        is_new = before is None or browser in self.placement.learned
        (self.placement.learned if is_new else self.placement.moved)[browser] = person_id
        if before is not None and before.is_anonymous:
            pair = (min(before.person_id, person_id), max(before.person_id, person_id))
            spoken = counted_as(visit.identifiers[0].kind)
            self.placement.met[pair] = frozenset({"+".join(sorted((ANONYMOUS, spoken)))})

    def _has_room(self, browser: Identifier, person_id: str) -> bool:
        had = self.held.get(person_id, {}).get(browser.kind, 0)
        return had + self.gained[person_id, browser.kind] < self.limit


def _following(visits: Sequence[Visit], people: Sequence[str | None]) -> list[str | None]:
    """For each visit, who says next who they are at its browser."""
    next_named: dict[Identifier | None, str] = {}
    found: list[str | None] = []
    for visit, person_id in zip(reversed(visits), reversed(people), strict=True):
        if person_id is not None:
            next_named[visit.browser] = person_id
        found.append(next_named.get(visit.browser))
    return found[::-1]
