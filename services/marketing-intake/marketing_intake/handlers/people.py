"""People: merges as overlays; a payload that was mended."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from baton.contracts.marketing import PeopleMerged, PeopleUnmerged
from baton.database import Reader
from baton.errors import Conflict, NotFound
from baton.ids import new_id
from baton.transaction import Origin, Transaction
from marketing_intake.domain.candidates import pairs_of
from marketing_intake.domain.merging import (
    MEMBERS_MAX,
    Merge,
    MergedPerson,
    beyond_limits,
    fold,
    kin,
    survivor_of,
)
from marketing_intake.repository import candidates, identifiers, match_rules, people

ALL_MERGES: Final = "merges"
"""Whoever changes who is one with whom holds this lock, and takes it before any person's."""
LAST: Final = "\x7f"
"""Behind every id: a merge that is only imagined is the latest."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge would make: the fold, of which kinds it would hold more than one person may
    (how many, and the limit), and whether it would be refused.
    """

    person: MergedPerson
    beyond: Mapping[str, tuple[int, int]]
    is_one: bool
    is_too_many: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A person as one, the merges that made them so, and how much there is of them."""

    person: MergedPerson
    merges: Sequence[Merge]
    numbers: Mapping[str, Any]


async def merge(person_ids: Sequence[str], tx: Transaction, *, who: str, origin: Origin) -> str:
    """Lay a merge over these people, or over all that they are one with already.

    The first one's id speaks for all. Raises `NotFound`, and `Conflict` when they are one already
    or would be too many.
    """
    members = tuple(dict.fromkeys(person_ids))
    # Who is one with whom may not change between looking and locking: merges go one by one.
    await tx.lock_people([ALL_MERGES])
    merges = await people.load_merges(tx, members)
    everybody = kin(members, merges)
    await tx.lock_people(everybody)
    found = {one.person_id for one in await people.load_cards(tx, members)}
    if len(members) < 2 or set(members) - found:
        raise NotFound("every id must be a different person who is known", field="person_ids")
    if everybody == kin(members[:1], merges):
        raise Conflict("they are one already", field="person_ids")
    if len(everybody) > MEMBERS_MAX:
        raise Conflict(f"one person may have {MEMBERS_MAX} ids", field="person_ids")
    merge_id = new_id()
    await people.insert_merge(tx, merge_id, members)
    await people.join_kin(tx, everybody, members[0])
    for person_id in members:
        fact = PeopleMerged(
            merge_id=merge_id, survivor_id=members[0], member_ids=members, version=1
        )
        tx.publish(fact, key=person_id, subject=merge_id, cause=origin)
    await candidates.set_merged(tx, pairs_of(members), merge_id, who=who)
    tx.audit(who=who, what="people merged", subject=merge_id, old=None, new={"members": members})
    return merge_id


async def unmerge(merge_id: str, tx: Transaction, *, who: str, origin: Origin) -> None:
    """Take a merge back; the matcher will not merge them again. Raises `NotFound`."""
    await tx.lock_people([ALL_MERGES])
    members = await people.members_of(tx, merge_id)
    if not members:
        raise NotFound("there is no such merge in force", field="merge_id")
    everybody = kin(members, await people.load_merges(tx, members))
    await tx.lock_people(everybody)
    version = await people.end_merge(tx, merge_id)
    if version is None:
        raise NotFound("there is no such merge in force", field="merge_id")
    await _rejoin({*everybody, *members}, tx)
    for person_id in members:
        fact = PeopleUnmerged(merge_id=merge_id, member_ids=tuple(members), version=version)
        tx.publish(fact, key=person_id, subject=merge_id, cause=origin)
    await candidates.keep_apart(tx, pairs_of(members), who=who)
    tx.audit(who=who, what="people unmerged", subject=merge_id, old={"members": members}, new=None)


async def _rejoin(person_ids: Collection[str], tx: Transaction) -> None:
    """Work out anew under which id each of these people goes, by the merges that are left."""
    merges = await people.load_merges(tx, person_ids)
    await people.part_kin(tx, person_ids)
    for group in {kin([person_id], merges) for person_id in person_ids}:
        if len(group) > 1:
            await people.join_kin(tx, group, survivor_of(group, merges) or min(group))


async def look_up(person_id: str, reader: Reader) -> Known:
    """A person by any of their ids. Raises `NotFound`, also when they were forgotten."""
    merges = await people.load_merges(reader, [person_id])
    members = kin([person_id], merges)
    cards = await people.load_cards(reader, members)
    if not any(one.person_id == person_id for one in cards):
        raise NotFound("there is no such person, or they were forgotten", field="person_id")
    return Known(fold(cards, merges), merges, await people.numbers(reader, members))


async def preview(person_ids: Sequence[str], reader: Reader) -> Preview:
    """What these people and all that they are one with would be as one. Raises `NotFound`."""
    members = tuple(dict.fromkeys(person_ids))
    merges = await people.load_merges(reader, members)
    everybody = kin(members, merges)
    cards = await people.load_cards(reader, everybody)
    if len(members) < 2 or set(members) - {one.person_id for one in cards}:
        raise NotFound("every id must be a different person who is known", field="person_ids")
    imagined = Merge(LAST, members[0], frozenset(members))
    held = await identifiers.load_held(reader, everybody)
    rules = await match_rules.in_force(reader)
    return Preview(
        person=fold(cards, [*merges, imagined]),
        beyond=beyond_limits(held.values(), rules.limits),
        is_one=everybody == kin(members[:1], merges),
        is_too_many=len(everybody) > MEMBERS_MAX,
    )
