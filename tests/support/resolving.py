"""People and identifiers to resolve leads with; obviously invented."""

import itertools
from collections.abc import Iterator, Mapping

from marketing_intake.domain.identity import Identifier
from marketing_intake.domain.identity_rules import DEFAULT_LIMITS
from marketing_intake.domain.resolve import Held, Resolution, resolve

ADA, BOB = "person-ada", "person-bob"
ADA_EMAIL = Identifier("email", "ada@example.org")
BOB_EMAIL = Identifier("email", "bob@example.org")
NEW_EMAIL = Identifier("email", "new@example.org")
PHONE = Identifier("phone", "+12025550123")
EXTERNAL = Identifier("external:crm", "4711")
OTHER_EXTERNAL = Identifier("external:crm", "4712")
KNOWN = {ADA_EMAIL: ADA, BOB_EMAIL: BOB}


def held_of(known: Mapping[Identifier, str]) -> dict[str, dict[str, int]]:
    """How many of each kind these people have."""
    held: dict[str, dict[str, int]] = {}
    for one, person_id in known.items():
        kinds = held.setdefault(person_id, {})
        kinds[one.kind] = kinds.get(one.kind, 0) + 1
    return held


def resolved(
    batch: list[tuple[Identifier, ...]],
    known: dict[Identifier, str] | None = None,
    held: Held | None = None,
    limits: Mapping[str, int] = DEFAULT_LIMITS,
) -> Resolution:
    """The batch's people, where new ones are called new-1, new-2 and so on."""
    numbers: Iterator[int] = itertools.count(1)
    known = KNOWN if known is None else known
    return resolve(
        batch,
        known,
        lambda: f"new-{next(numbers)}",
        held=held_of(known) if held is None else held,
        limits=limits,
    )
