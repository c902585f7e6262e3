"""The contract with a source: how its fields become ours, and how much of it is taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from baton.contracts.vocabulary import ConsentPurpose

TRAIT: Final = "traits."
CONSENT: Final = "consent."
NOT_GIVEN: Final = frozenset({"", "0", "false", "no", "off"})
"""What a box that nobody ticked says."""


@dataclass(frozen=True, slots=True)
class Shaping:
    """How a source's fields become ours before they are read.

    `names` leads from its name of a field to ours, to `traits.x` or to `consent.x`; `taken` lists
    the fields that are taken, by our names (None: all); `defaults` stand where a field is missing.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    taken: frozenset[str] | None = None
    defaults: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a source is taken.

    What comes faster than `per_second` waits its turn while fewer than `queue_max` wait before it;
    beyond, and beyond `per_day` (a day of UTC), it is told to come again later.
    """

    per_second: int | None = None
    per_day: int | None = None
    queue_max: int = 0


def shaped(shaping: Shaping, fields: Mapping[str, object]) -> dict[str, object]:
    """The fields as the contract has them: renamed, then picked, then completed.

    A name of ours that came as such gives way to the one that the contract maps to it, unless that
    one is empty. What is picked out is not refused: it stays in the payload, and goes nowhere.
    """
    found: dict[str, object] = {
        name: value for name, value in fields.items() if name not in shaping.names
    }
    for name, target in shaping.names.items():
        if fields.get(name) not in (None, "", []):
            _put(found, target, fields[name])
    if shaping.taken is not None:
        found = {name: value for name, value in found.items() if name in shaping.taken}
    for name, value in shaping.defaults.items():
        if found.get(name) in (None, "", []):
            found[name] = value
    return found


def _put(found: dict[str, object], target: str, value: object) -> None:
    if target.startswith(TRAIT):
        given = found.get("traits")
        traits = dict(given) if isinstance(given, Mapping) else {}
        found["traits"] = traits | {target.removeprefix(TRAIT): value}
    elif target.startswith(CONSENT):
        _allow(found, ConsentPurpose(target.removeprefix(CONSENT)), value)
    else:
        found[target] = _joined(value)


def _allow(found: dict[str, object], purpose: ConsentPurpose, value: object) -> None:
    given = found.get("consent")
    allowed = list(given) if isinstance(given, list) else []
    if str(value).strip().lower() not in NOT_GIVEN and purpose not in allowed:
        found["consent"] = [*allowed, purpose]


def _joined(value: object) -> object:
    """Several ticked answers as one text, since our fields hold one."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value
