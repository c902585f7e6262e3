"""Handing out what is known of somebody."""

from dataclasses import dataclass

from baton import exports
from baton.errors import NotFound
from baton.exports import Exported
from baton.transaction import Transaction
from marketing_intake.handlers.erasure import imprints_of
from marketing_intake.repository import erasure
from marketing_intake.repository.erasure_rules import By
from marketing_intake.repository.export import PARTS


@dataclass(frozen=True, slots=True)
class PersonExport:
    """What is known of somebody under all their ids."""

    person_ids: list[str]
    exported: Exported


async def export_person(person_id: str, tx: Transaction, *, who: str) -> PersonExport:
    """All that intake keeps of a person. Raises `NotFound`, also for who was forgotten."""
    kin = await erasure.kin_of(tx, person_id)
    person_ids = await erasure.not_erased(tx, kin)
    if person_id not in person_ids:
        raise NotFound("there is no such person, or they are erased", field="person_id")
    identifiers = await erasure.identifiers_of(tx, person_ids)
    imprints = imprints_of(identifiers, await erasure.cards_of(tx, person_ids))
    macs = [tx.mac(one) for one in sorted(imprints)]
    payload_ids = await erasure.payloads_of(tx, person_ids, macs)
    ids: dict[str, list[str]] = {By.PEOPLE: person_ids, By.PAYLOADS: payload_ids}
    exported = await exports.load(tx, PARTS, ids)
    tx.audit(who=who, what="person exported", subject=person_id, old=None, new=None)
    return PersonExport(person_ids, exported)
