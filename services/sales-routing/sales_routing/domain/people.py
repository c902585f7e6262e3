"""What sales must know of a person, and who turned out to be the same one."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Person:
    """What was heard of a person, without anything that names or reaches them."""

    id: str
    has_card: bool = False
    consent_version: int = 0
    refused_at: datetime | None = None
    """Since when they refuse to be contacted; None when they do not."""
    is_erased: bool = False


@dataclass(frozen=True, slots=True)
class Merge:
    """People who are one, as long as the merge is active. The higher version holds."""

    id: str
    version: int
    is_active: bool
    member_ids: frozenset[str]


def refuses(person: Person, received_at: datetime) -> bool:
    """Whether what was received then may not be pursued.

    A refusal speaks about what came before it. A lead that came after it is a request of its own,
    and whether it may be pursued was scoring's to say.
    """
    return person.refused_at is not None and received_at <= person.refused_at


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
