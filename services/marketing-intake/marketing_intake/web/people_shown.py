"""A lead's person as pages show them; templates mask what the reader may not know."""

from collections.abc import Mapping
from typing import Any, Final

from baton.web import mask_email, mask_name, mask_phone

MASKS: Final = {
    "email": mask_email,
    "phone": mask_phone,
    "given_name": mask_name,
    "family_name": mask_name,
    "company": mask_name,
}
OPEN_FIELDS: Final = frozenset({"country"})
"""What of a card names nobody."""
HIDDEN: Final = "…"


def lead_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A lead with its card's names, address and number, and its score."""
    has_score = row["fit"] is not None and row["engagement"] is not None
    score = row["fit"] + row["engagement"] if has_score else None
    return dict(row) | card_shown(row["card"]) | {"score": score}


def card_shown(card: Mapping[str, Any] | None) -> dict[str, Any]:
    """The names, the address and the number of a card; a person who is forgotten has none."""
    known = card or {}
    names = (known.get("given_name"), known.get("family_name"))
    return {
        "name": " ".join(name for name in names if name),
        "email": known.get("email"),
        "phone": known.get("phone"),
        "company": known.get("company"),
    }


def card_lines(card: Mapping[str, object], *, may_see: bool) -> list[tuple[str, str]]:
    """The fields of a card by name; without the right to see them, masked or hidden."""
    return [
        (name.replace("_", " "), text if may_see else _masked(name, text))
        for name, value in card.items()
        if (text := _text(value))
    ]


def _masked(name: str, text: str) -> str:
    mask = MASKS.get(name)
    if name in OPEN_FIELDS:
        return text
    return HIDDEN if mask is None else mask(text)


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(str(one) for one in value.values())
    return "" if value is None else str(value)
