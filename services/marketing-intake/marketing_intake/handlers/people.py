"""People: merges as overlays, consent by version, and being forgotten."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from baton.contracts.marketing import (
    ConsentChanged,
    ContactCard,
    PeopleMerged,
    PeopleUnmerged,
    PersonErased,
)
from baton.contracts.vocabulary import ConsentPurpose
from baton.errors import Conflict, NotFound
from baton.ids import new_id
from baton.transaction import Origin, Transaction
from marketing_intake.repository import people

FORGET_AGAIN_AFTER: Final = timedelta(hours=1)
"""Longer than any send can live: a late old card can't outlive the second tombstone."""


async def merge(person_ids: Sequence[str], tx: Transaction, *, who: str, origin: Origin) -> str:
    """Lay a merge over these people. Raises `NotFound`, and `Conflict` when one is merged."""
    members = tuple(dict.fromkeys(person_ids))
    await tx.lock_people(members)
    found = await people.existing(tx, members)
    if len(members) < 2 or set(members) - found:
        raise NotFound("every id must be a different person who is known", field="person_ids")
    if await people.merged_already(tx, members):
        raise Conflict("one of them is merged already; take that back first", field="person_ids")
    merge_id = new_id()
    await people.insert_merge(tx, merge_id, members)
    for person_id in members:
        fact = PeopleMerged(
            merge_id=merge_id, survivor_id=members[0], member_ids=members, version=1
        )
        tx.publish(fact, key=person_id, subject=merge_id, cause=origin)
    tx.audit(who=who, what="people merged", subject=merge_id, old=None, new={"members": members})
    return merge_id


async def unmerge(merge_id: str, tx: Transaction, *, who: str, origin: Origin) -> None:
    """Take a merge back. Raises `NotFound` when it is not in force."""
    members = await people.members_of(tx, merge_id)
    if not members:
        raise NotFound("there is no such merge in force", field="merge_id")
    await tx.lock_people(members)
    version = await people.end_merge(tx, merge_id)
    if version is None:
        raise NotFound("there is no such merge in force", field="merge_id")
    for person_id in members:
        fact = PeopleUnmerged(merge_id=merge_id, member_ids=tuple(members), version=version)
        tx.publish(fact, key=person_id, subject=merge_id, cause=origin)
    tx.audit(who=who, what="people unmerged", subject=merge_id, old={"members": members}, new=None)


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


async def mark_resent(payload_id: str, lead_id: str, tx: Transaction) -> None:
    """Remember that a refused payload was mended and which lead it became."""
    await people.set_resent(tx, payload_id, lead_id)
