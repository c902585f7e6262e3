"""What survives when more is said of a person: the rules by which one value beats another.

- An empty value beats nothing.
- A value that says nothing ("unknown", "n/a", zeros) does not beat one that does; an address that
  is thrown away does not beat a lasting one, and neither a private nor a role's address beats a
  person's own at a company. This holds however much newer it is.
- Of values that are equally good the one that was learned last is kept. Who says again what is
  known of them teaches nothing: it is as old as it was.
- External ids are united, a field for each source.

So each field keeps the best of (quality, time) of all that was ever learned of it. That is why the
card of merged people, folded from their cards in whatever order, is the card that one person would
have had who said each thing once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from baton.contracts.vocabulary import EmailKind
from marketing_intake.domain.identity_domains import email_kind
from marketing_intake.domain.identity_guards import email_is_shared, is_placeholder

EXTERNAL_IDS: Final = "external_ids"
EMPTY, PLACEHOLDER, THROWN_AWAY, SHARED, REAL = range(5)

Card = Mapping[str, object]
Times = Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class KeptCard:
    """A person's card. `times` says when each field was learned, where not with the person."""

    person_id: str
    created_at: datetime
    card: Card
    times: Times = field(default_factory=dict)


def quality(name: str, value: object) -> int:
    """How much a value says, whatever its age; more beats less."""
    if value is None or value == "":
        return EMPTY
    if not isinstance(value, str):
        return REAL
    if name != "email":
        return PLACEHOLDER if is_placeholder(value) else REAL
    match email_kind(value):
        case EmailKind.DISPOSABLE:
            return THROWN_AWAY
        case EmailKind.BUSINESS if not email_is_shared(value):
            return REAL
        case _:
            return SHARED


def merged_card(old: Card, new: Card) -> dict[str, object]:
    """The card with what is newly said, by the rules of this module."""
    card = _bettered(old, new)
    if EXTERNAL_IDS in new:
        card[EXTERNAL_IDS] = _bettered(_external(old), _external(new))
    return card


def _bettered(old: Card, new: Card) -> dict[str, object]:
    card = {**old}
    for name, value in new.items():
        held = old.get(name)
        if value is None or value == held or name == EXTERNAL_IDS:
            continue
        if held is None or quality(name, value) >= quality(name, held):
            card[name] = value
    return card


def changed_fields(old: Card, new: Card) -> list[str]:
    """The fields in which a newer card differs; an external id's has its source's id behind it."""
    before, after = _flat(old), _flat(new)
    return [name for name, value in after.items() if value != before.get(name)]


def folded_card(cards: Iterable[KeptCard]) -> dict[str, object]:
    """One card for people who are one, by the rules of this module."""
    best: dict[str, tuple[tuple[int, datetime, str], object]] = {}
    for kept in cards:
        for name, value in _flat(kept.card).items():
            # The id comes last, so that two values of one moment have the same order everywhere.
            learned_at = kept.times.get(name, kept.created_at)
            rank = (quality(name, value), learned_at, kept.person_id)
            if name not in best or rank > best[name][0]:
                best[name] = (rank, value)
    return _nested({name: value for name, (_, value) in best.items()})


def _external(card: Card) -> Mapping[str, object]:
    found = card.get(EXTERNAL_IDS)
    return found if isinstance(found, Mapping) else {}


def _flat(card: Card) -> dict[str, object]:
    flat = {name: value for name, value in card.items() if name != EXTERNAL_IDS}
    return flat | {f"{EXTERNAL_IDS}.{id_}": value for id_, value in _external(card).items()}


def _nested(flat: Mapping[str, object]) -> dict[str, object]:
    prefix = f"{EXTERNAL_IDS}."
    card = {name: value for name, value in flat.items() if not name.startswith(prefix)}
    external = {
        name.removeprefix(prefix): value for name, value in flat.items() if name.startswith(prefix)
    }
    return card | ({EXTERNAL_IDS: external} if external else {})
