"""Whose lead is it? Each lead of a batch finds its person, or is the first of a new one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from marketing_intake.domain.identity import Identifier

NOBODY_KNOWN: Final = 99
"""Behind every rank that an identifier of a lead can have."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The person of each lead, in order; who is new; and which identifiers are learned."""

    person_ids: tuple[str, ...]
    new_people: tuple[str, ...]
    learned: Mapping[Identifier, str]


@dataclass(slots=True)
class _Ledger:
    known: dict[Identifier, str]
    learned: dict[Identifier, str] = field(default_factory=dict)

    def find(self, identifiers: Sequence[Identifier]) -> str | None:
        for identifier in identifiers:
            person_id = self.known.get(identifier)
            if person_id is not None:
                return person_id
        return None

    def learn(self, identifiers: Sequence[Identifier], person_id: str) -> None:
        for identifier in identifiers:
            if identifier not in self.known:
                self.known[identifier] = self.learned[identifier] = person_id


def resolve(
    batch: Sequence[Sequence[Identifier]],
    known: Mapping[Identifier, str],
    make_id: Callable[[], str],
) -> Resolution:
    """Find each lead's person: by its own e-mail, then its own phone, then its external id.

    `batch` has each lead's identifiers, strongest first. A known stronger identifier decides, even
    when a weaker one belongs to somebody else: two people with different known e-mail addresses
    who give the same new phone stay two people, and the phone is learned for the first. Leads
    whose e-mail is known are placed first, so that the order within a batch cannot let a shared
    new phone pull a stranger in.
    """
    ledger = _Ledger(dict(known))
    person_ids: list[str] = [""] * len(batch)
    new_people: list[str] = []
    # Who is certain goes first; the others then meet what the certain ones have taught.
    order = sorted(range(len(batch)), key=lambda n: _strength(batch[n], known))
    for position in order:
        own = batch[position]
        person_id = ledger.find(own)
        if person_id is None:
            person_id = make_id()
            new_people.append(person_id)
        ledger.learn(own, person_id)
        person_ids[position] = person_id
    return Resolution(tuple(person_ids), tuple(new_people), ledger.learned)


def _strength(own: Sequence[Identifier], known: Mapping[Identifier, str]) -> int:
    """How certain a lead's person is, 0 is most; those of whom nothing is known stay in order."""
    return next((rank for rank, one in enumerate(own) if one in known), NOBODY_KNOWN)
