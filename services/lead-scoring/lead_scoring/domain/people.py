"""Who is one person, what they allow, and who is to be forgotten."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Merge:
    """People who are one, as long as the merge is active. The higher version holds."""

    id: str
    version: int
    is_active: bool
    member_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class ConsentChange:
    """What a person has said about being contacted, apart from what came with their leads."""

    event_id: str
    person_id: str
    version: int
    grants_contact: bool
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """A person is to be forgotten."""

    event_id: str
    person_id: str


def newer(known: Merge | None, heard: Merge) -> Merge:
    """Which of two sayings about one merge holds; hearing one twice changes nothing."""
    return heard if known is None or heard.version > known.version else known


def kin(person_id: str, merges: Iterable[Merge], erased: Set[str]) -> frozenset[str]:
    """All ids under which this person is known. Who was erased is nobody's kin any more."""
    if person_id in erased:
        return frozenset({person_id})
    active = [merge.member_ids - erased for merge in merges if merge.is_active]
    found: set[str] = set()
    new = {person_id}
    while new:
        found |= new
        new = {member for ids in active if ids & new for member in ids} - found
    return frozenset(found)


def last_word(changes: Iterable[ConsentChange]) -> ConsentChange | None:
    """What holds now of all that one person has said, under whichever of their ids.

    Versions order what was said under one id; between ids it is time.
    """
    latest: dict[str, ConsentChange] = {}
    for change in changes:
        known = latest.get(change.person_id)
        if known is None or _rank(change) > _rank(known):
            latest[change.person_id] = change
    return max(
        latest.values(), key=lambda change: (change.happened_at, change.event_id), default=None
    )


def _rank(change: ConsentChange) -> tuple[int, str]:
    return change.version, change.event_id
