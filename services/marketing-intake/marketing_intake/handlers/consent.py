"""Consent: evidence of what people have said, and what holds of it, by version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from baton.contracts.marketing import ConsentChanged
from baton.contracts.vocabulary import ConsentPurpose
from baton.errors import NotFound
from baton.ids import new_id
from baton.transaction import Origin, Transaction
from marketing_intake.domain.consent import How, Speaker, Wording, standing
from marketing_intake.handlers import suppression
from marketing_intake.repository import consent, erasure
from marketing_intake.repository.consent import Evidence


@dataclass(frozen=True, slots=True)
class OptIn:
    """The proof that a person confirmed by a link which only they were sent.

    `proof` is what shows it (which token, sent when, confirmed when), `circumstances` where from
    (`ip`, `user_agent`). Both may be personal, and are blanked when the person is forgotten.
    """

    granted: Sequence[ConsentPurpose]
    confirmed_at: datetime
    proof: Mapping[str, object]
    source_id: str | None = None
    component: str | None = None
    contract_version: int | None = None
    wording: Wording | None = None
    circumstances: Mapping[str, str] = field(default_factory=dict)


async def change_consent(
    person_id: str,
    granted: Sequence[ConsentPurpose],
    tx: Transaction,
    *,
    who: str,
    origin: Origin,
) -> int:
    """Record what a person allows now, as somebody was told; returns its version.

    Whatever is not granted is withdrawn. Raises `NotFound`.
    """
    await tx.lock_people([person_id])
    version, old = await _hold(person_id, granted, tx, origin)
    word = Evidence(
        id=new_id(),
        person_id=person_id,
        happened_at=tx.now,
        granted=tuple(granted),
        withdrawn=tuple(purpose for purpose in ConsentPurpose if purpose not in granted),
        how=How.BY_HAND,
        speaker=Speaker.STAFF,
        who=who,
    )
    await consent.insert(tx, [word])
    tx.audit(who=who, what="consent changed", subject=person_id, old=old, new=list(granted))
    return version


async def record_opt_in(person_id: str, opt_in: OptIn, tx: Transaction, *, origin: Origin) -> None:
    """Keep the proof of a double opt-in, and let what was granted hold. Raises `NotFound`."""
    await tx.lock_people([person_id])
    if not await consent.load_held(tx, [person_id]):
        raise NotFound("there is no such person", field="person_id")
    wording = opt_in.wording or Wording()
    word = Evidence(
        id=new_id(),
        person_id=person_id,
        happened_at=opt_in.confirmed_at,
        granted=tuple(opt_in.granted),
        withdrawn=(),
        how=How.OPT_IN,
        speaker=Speaker.PERSON,
        who="person",
        source_id=opt_in.source_id,
        component=opt_in.component,
        contract_version=opt_in.contract_version,
        text_sha256=None if wording.sha256 is None else bytes.fromhex(wording.sha256),
        text_version=wording.version,
        circumstances=opt_in.circumstances or None,
        proof=opt_in.proof,
    )
    await consent.insert(tx, [word])
    identifiers = await erasure.identifiers_of(tx, [person_id])
    await suppression.lift(suppression.macs_of(identifiers, tx), tx)
    if opt_in.granted:
        await settle({person_id: origin}, tx)


async def settle(people: Mapping[str, Origin], tx: Transaction) -> None:
    """Say what these people allow now, where their words have changed it; each with its cause."""
    await tx.lock_people(people)
    held = await consent.load_held(tx, list(people))
    words = await consent.load_words(tx, list(held))
    for person_id, before in sorted(held.items()):
        now = standing(words.get(person_id, ()))
        if before is None or frozenset(before) != now:
            granted = [purpose for purpose in ConsentPurpose if purpose in now]
            await _hold(person_id, granted, tx, people[person_id])


async def _hold(
    person_id: str, granted: Sequence[ConsentPurpose], tx: Transaction, origin: Origin
) -> tuple[int, list[str] | None]:
    kept = await consent.set_held(tx, person_id, [purpose.value for purpose in granted])
    if kept is None:
        raise NotFound("there is no such person", field="person_id")
    fact = ConsentChanged(person_id=person_id, granted=tuple(granted), version=kept[0])
    tx.publish(fact, key=person_id, subject=person_id, cause=origin)
    return kept
