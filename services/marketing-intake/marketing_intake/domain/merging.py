"""Who is one with whom, what one merged person is, and when two may become one without asking.

A merge is an overlay: it says that people are one, and moves nothing. The merged person is the
fold over its members, so taking a merge back leaves what would have been without it. What a lead
is matched by never depends on merges, for the same reason.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from marketing_intake.domain.card import KeptCard, folded_card
from marketing_intake.domain.identity import counted_as
from marketing_intake.domain.identity_rules import ANONYMOUS, LIMIT_MAX, KeyField

MEMBERS_MAX: Final = 50
"""So many ids one person may have; whoever seems to have more is a shared value at work."""
STRONG: Final = f"{KeyField.EMAIL}+{KeyField.EXTERNAL_ID}"
"""What merges two people: one lead carried the address of the one and the id that a source has
given the other."""


@dataclass(frozen=True, slots=True)
class Merge:
    """People who are one, as long as the merge is in force. The survivor's id speaks for all."""

    id: str
    survivor_id: str
    member_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class MergedPerson:
    """The fold over its members: what one person would be who had done all that they did."""

    person_id: str
    member_ids: tuple[str, ...]
    created_at: datetime
    card: Mapping[str, object]


class Verdict(StrEnum):
    """What becomes of two people of whom one lead spoke as if they were one."""

    MERGE = "merge"
    REVIEW = "review"
    APART = "apart"


def kin(person_ids: Iterable[str], merges: Collection[Merge]) -> frozenset[str]:
    """All ids under which these people are known; `merges` are those in force."""
    found: set[str] = set()
    new = set(person_ids)
    while new:
        found |= new
        touched = [merge.member_ids for merge in merges if merge.member_ids & new]
        new = {member for ids in touched for member in ids} - found
    return frozenset(found)


def fold(members: Sequence[KeptCard], merges: Collection[Merge]) -> MergedPerson:
    """One person from its members, of whom there is at least one. Survivorship:

    - the id is that of the latest merge's survivor, or of the oldest member;
    - the day of birth, so to say, is the oldest member's;
    - each field of the card is the best that any member has, as `domain.card` says;
    - leads, activities and identifiers are those of all members.

    Of equal merges and members the smaller id counts, so that everybody folds alike.
    """
    ids = {one.person_id for one in members}
    oldest = min(members, key=lambda one: (one.created_at, one.person_id))
    return MergedPerson(
        person_id=survivor_of(ids, merges) or oldest.person_id,
        member_ids=tuple(sorted(ids)),
        created_at=oldest.created_at,
        card=folded_card(members),
    )


def survivor_of(ids: Collection[str], merges: Collection[Merge]) -> str | None:
    """Whose id speaks for all of these: the latest merge's survivor; None when none is merged."""
    latest = max((one for one in merges if one.survivor_id in ids), key=_age, default=None)
    return None if latest is None else latest.survivor_id


def beyond_limits(
    held: Iterable[Mapping[str, int]], limits: Mapping[str, int]
) -> dict[str, tuple[int, int]]:
    """Of which kinds people would together hold more than one may: how many, and the limit."""
    total: dict[str, int] = {}
    for one in held:
        for kind, count in one.items():
            total[kind] = total.get(kind, 0) + count
    limit_of = {kind: limits.get(counted_as(kind), LIMIT_MAX) for kind in total}
    return {
        kind: (count, limit_of[kind]) for kind, count in total.items() if count > limit_of[kind]
    }


def judge(
    reasons: Collection[str],
    first: Mapping[str, int],
    second: Mapping[str, int],
    *,
    limits: Mapping[str, int],
) -> Verdict:
    """Whether two people of whom one lead spoke may become one without asking anybody.

    `reasons` are the two kinds of identifiers by which a lead spoke of them, joined by `+`;
    `first` and `second` how many of each kind they hold, with all that they are one with.

    - A browser's id speaks for a person only while nobody knows more of that person: then it is
      merged with who was met there. A browser of somebody known says nothing: others may use it.
    - An e-mail address and an external id in one lead: merged, unless they would then hold more of
      a kind than a person may (two ids of one source, say), which shows that they are two.
    - Whatever else, a phone and a last name say, may be a family's or an office's: for review.
    """
    other = [reason for reason in reasons if ANONYMOUS not in reason.split("+")]
    if len(other) < len(reasons) and not all(map(_is_named, (first, second))):
        return Verdict.MERGE
    if not other or beyond_limits((first, second), limits):
        return Verdict.APART
    return Verdict.MERGE if STRONG in other else Verdict.REVIEW


def _is_named(held: Mapping[str, int]) -> bool:
    return any(counted_as(kind) != ANONYMOUS for kind in held)


def _age(merge: Merge) -> str:
    """Ids of merges are time-ordered."""
    return merge.id
