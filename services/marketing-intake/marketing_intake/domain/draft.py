"""A lead as it came, checked and made comparable, before anybody knows whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from baton.contracts.vocabulary import (
    Channel,
    ConsentPurpose,
    EmailKind,
    Field,
    LeadState,
    Seniority,
)
from marketing_intake.domain.identity import Identifier
from marketing_intake.domain.traits import TraitValue


@dataclass(frozen=True, slots=True)
class LeadDraft:
    """A lead that can be taken.

    `card` names or reaches the person and `details` may; neither leaves intake but as the contact
    card. Everything else identifies nobody.
    """

    identifiers: tuple[Identifier, ...]
    card: Mapping[str, object]
    details: Mapping[str, object]
    fields: tuple[Field, ...]
    channel: Channel
    email_kind: EmailKind
    seniority: Seniority
    country: str | None
    happened_at: datetime
    campaign: str | None = None
    consent: tuple[ConsentPurpose, ...] = ()
    traits: Mapping[str, TraitValue] = field(default_factory=dict)
    own_state: LeadState = LeadState.CAPTURED


@dataclass(frozen=True, slots=True)
class RefusedDraft:
    """A lead that can't be taken: what kind of fault, in which field, what was expected."""

    kind: str
    field: str | None
    detail: str
    status: int = 422


def merged_card(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, object]:
    """The card with what is newly known: the newest value of each field, external ids united."""
    external = {**_external(old), **_external(new)}
    card = {**old, **{name: value for name, value in new.items() if value is not None}}
    return card | ({"external_ids": external} if external else {})


def _external(card: Mapping[str, object]) -> Mapping[str, object]:
    found = card.get("external_ids")
    return found if isinstance(found, Mapping) else {}
