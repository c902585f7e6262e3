"""A lead's person as pages show them; templates mask what the reader may not know."""

from collections.abc import Mapping
from typing import Any


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
