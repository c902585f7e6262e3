"""What scoring and marketing would say of invented people."""

from datetime import datetime
from typing import Any

from baton.contracts.marketing import ContactCard
from baton.contracts.scoring import ProspectQualified
from baton.ids import new_id
from support.facts import NOON


def qualified(
    person_id: str | None = None, *, received_at: datetime = NOON, **changes: Any
) -> ProspectQualified:
    """A lead of somebody crossed the line."""
    values: dict[str, Any] = {
        "prospect_id": new_id(),
        "person_id": person_id or new_id(),
        "lead_id": new_id(),
        "receipt_id": new_id(),
        "policy_version": 1,
        "fit": 10.0,
        "engagement": 5.0,
        "reasons": (),
        "source_id": new_id(),
        "received_at": received_at,
    }
    return ProspectQualified.model_validate(values | changes)


def card(person_id: str, version: int = 1, **changes: Any) -> ContactCard:
    """How to reach them; obviously invented."""
    values: dict[str, Any] = {
        "person_id": person_id,
        "version": version,
        "given_name": "Ines",
        "family_name": "Invented",
        "email": "ines@example.test",
        "phone": "+4930000000",
    }
    return ContactCard.model_validate(values | changes)
