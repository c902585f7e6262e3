"""People: merges as overlays, consent by version, and being forgotten."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from baton.contracts.marketing import (
    ConsentChanged,
    ContactCard,
    PeopleMerged,
    PeopleUnmerged,
    PersonErased,
)
from baton.contracts.vocabulary import ConsentPurpose
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
FORGET_AGAIN_AFTER: Final = timedelta(hours=1)
"""Longer than any send can live: a late old card can't outlive the second tombstone."""


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


async def change_consent(
    person_id: str,
    granted: Sequence[ConsentPurpose],
    tx: Transaction,
    *,
    who: str,
    origin: Origin,
) -> int:
    """Record what a person allows now; returns its version. Raises `NotFound`."""
    await tx.lock_people([person_id])
    kept = await people.set_consent(tx, person_id, [purpose.value for purpose in granted])
    if kept is None:
        raise NotFound("there is no such person", field="person_id")
    version, old = kept
    fact = ConsentChanged(person_id=person_id, granted=tuple(granted), version=version)
    tx.publish(fact, key=person_id, subject=person_id, cause=origin)
    tx.audit(who=who, what="consent changed", subject=person_id, old=old, new=list(granted))
    return version


async def adjust_consent(
    person_id: str,
    tx: Transaction,
    *,
    grants: Sequence[ConsentPurpose],
    withdraws: Sequence[ConsentPurpose],
    origin: Origin,
) -> None:
    """Add to what a person allows, or take from it, because of something that they did."""
    await tx.lock_people([person_id])
    held = await people.consent_of(tx, person_id)
    granted = [
        purpose
        for purpose in ConsentPurpose
        if purpose in grants or (purpose in held and purpose not in withdraws)
    ]
    kept = await people.set_consent(tx, person_id, [purpose.value for purpose in granted])
    if kept is not None:
        fact = ConsentChanged(person_id=person_id, granted=tuple(granted), version=kept[0])
        tx.publish(fact, key=person_id, subject=person_id, cause=origin)


async def erase(person_id: str, tx: Transaction, *, who: str, origin: Origin) -> None:
    """Forget a person: rows blanked, the card buried twice, everybody told. Raises `NotFound`."""
    await tx.lock_people([person_id])
    if not await people.erase(tx, person_id):
        raise NotFound("there is no such person, or they are erased already", field="person_id")
    tx.forget(ContactCard, person_id, cause=origin)
    tx.publish(PersonErased(person_id=person_id), key=person_id, subject=person_id, cause=origin)
    await people.forget_again(tx, person_id, tx.now + FORGET_AGAIN_AFTER)
    tx.audit(who=who, what="person erased", subject=person_id, old=None, new=None)


async def bury_again(tx: Transaction) -> int:
    """Send the second tombstones that are due; returns how many."""
    person_ids = await people.due_burials(tx)
    await tx.lock_people(person_ids)
    origin = Origin.fresh()
    for person_id in person_ids:
        tx.forget(ContactCard, person_id, cause=origin)
    return len(person_ids)
