"""Being forgotten: rows blanked, the card buried twice, everybody told."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from baton.contracts.marketing import ContactCard, PersonErased
from baton.errors import NotFound
from baton.transaction import Cause, Origin, Transaction
from marketing_intake.domain.identity import Identifier
from marketing_intake.domain.imprints import imprint_of, imprints_in
from marketing_intake.handlers import suppression
from marketing_intake.repository import erasure

FORGET_AGAIN_AFTER: Final = timedelta(hours=1)
"""Longer than any send can live: a late old card can't outlive the second tombstone."""


async def erase(person_id: str, tx: Transaction, *, who: str, origin: Origin) -> None:
    """Forget a person under every id that they have now, and tell everybody. Raises `NotFound`."""
    erased = await _erase(await _locked_kin(person_id, tx), tx, origin)
    if not erased:
        raise NotFound("there is no such person, or they are erased already", field="person_id")
    for one in erased:
        tx.publish(PersonErased(person_id=one), key=one, subject=one, cause=origin)
        tx.audit(who=who, what="person erased", subject=one, old=None, new=None)


async def erase_again(person_ids: Sequence[str], tx: Transaction) -> int:
    """Forget those of these people who came back with a restored database; returns how many.

    It was said already, so that nobody is told but who keeps cards: the restored outbox may have
    sent an old one.
    """
    await tx.lock_people(person_ids)
    erased = await _erase(person_ids, tx, Origin.fresh())
    for one in erased:
        tx.audit(who="erase-again", what="person erased", subject=one, old=None, new=None)
    return len(erased)


async def bury_again(tx: Transaction) -> int:
    """Send the second tombstones that are due; returns how many."""
    person_ids = await erasure.due_burials(tx)
    await tx.lock_people(person_ids)
    origin = Origin.fresh()
    for person_id in person_ids:
        tx.forget(ContactCard, person_id, cause=origin)
    return len(person_ids)


def imprints_of(
    identifiers: Iterable[Identifier], cards: Iterable[Mapping[str, object]]
) -> set[str]:
    """The imprints that people leave in what belongs to nobody.

    Those of their cards too: an address that many share identifies nobody, and is theirs still.
    """
    given = [
        Identifier(kind, str(card[kind]))
        for card in cards
        for kind in ("email", "phone")
        if card.get(kind)
    ]
    return {imprint for one in (*identifiers, *given) if (imprint := imprint_of(one)) is not None}


async def _locked_kin(person_id: str, tx: Transaction) -> list[str]:
    """Everybody who is one with this person, locked; a merge may come while we wait."""
    kin = [person_id]
    while True:
        await tx.lock_people(kin)
        found = await erasure.kin_of(tx, person_id)
        if set(found) <= set(kin):
            return kin
        kin = found


async def _erase(person_ids: Sequence[str], tx: Transaction, cause: Cause) -> list[str]:
    blanked = await erasure.blank(tx, person_ids)
    if not blanked:
        return []
    erased = list(blanked)
    identifiers = await erasure.identifiers_of(tx, erased)
    imprints = imprints_of(identifiers, blanked.values())
    payload_ids = await erasure.payloads_of(tx, erased, [tx.mac(one) for one in sorted(imprints)])
    await erasure.apply_rules(tx, erased, payload_ids)
    await _blank_samples(imprints, tx)
    await erasure.suppress(tx, suppression.macs_of(identifiers, tx))
    await erasure.forget_again(tx, erased, tx.now + FORGET_AGAIN_AFTER)
    for person_id in erased:
        tx.forget(ContactCard, person_id, cause=cause)
    return erased


async def _blank_samples(imprints: set[str], tx: Transaction) -> None:
    named = [id_ for id_, sample in await erasure.samples(tx) if imprints_in(sample) & imprints]
    await erasure.blank_samples(tx, named)
