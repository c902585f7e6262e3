"""What a source has declared as a trait: something that helps to score and identifies nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

TraitValue = str | bool | int | float
TEXT_CHARACTERS_MAX: Final = 100


class TraitKind(StrEnum):
    """What a trait's values are."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class DeclaredTrait:
    """One declaration: either the allowed values, or how many different ones there may be."""

    name: str
    kind: TraitKind
    allowed: frozenset[str] | None = None
    values_max: int = 0


@dataclass(frozen=True, slots=True)
class BadTrait:
    """A declared trait came with a value that its declaration does not allow."""

    name: str
    expected: str


def declared_only(
    given: Mapping[str, object], declared: Mapping[str, DeclaredTrait]
) -> dict[str, TraitValue] | BadTrait:
    """The given traits that are declared; the others stay in the payload and travel nowhere."""
    kept: dict[str, TraitValue] = {}
    for name, value in given.items():
        trait = declared.get(name)
        if trait is None or value is None:
            continue
        checked = _checked(value, trait)
        if checked is None:
            return BadTrait(name, _expectation(trait))
        kept[name] = checked
    return kept


def _checked(value: object, trait: DeclaredTrait) -> TraitValue | None:
    match trait.kind:
        case TraitKind.BOOLEAN:
            return value if isinstance(value, bool) else None
        case TraitKind.NUMBER:
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            return value if is_number and abs(value) < 1e15 else None  # type: ignore[arg-type,return-value]  # is_number says so
        case TraitKind.TEXT:
            if not isinstance(value, str) or len(value) > TEXT_CHARACTERS_MAX:
                return None
            return value if trait.allowed is None or value in trait.allowed else None


def _expectation(trait: DeclaredTrait) -> str:
    if trait.allowed is not None:
        return f"must be one of {', '.join(sorted(trait.allowed)[:20])}"
    return f"must be a {trait.kind.value}"
