"""People as HTTP shows them: the fold over their ids, masked unless the reader may know."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from pydantic import BaseModel

from baton.auth.api_keys import Identity
from baton.web.masks import mask_email, mask_name, mask_phone
from marketing_intake.domain.card import EXTERNAL_IDS
from marketing_intake.domain.merging import Merge, MergedPerson
from marketing_intake.handlers.people import Known, Preview

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


class MergeView(BaseModel):
    """A merge in force, by whose id it can be taken back."""

    merge_id: str
    survivor_id: str
    member_ids: list[str]


class FoldView(BaseModel):
    """One person, whichever of their ids was asked for; `card` is masked without `pii:read`."""

    person_id: str
    member_ids: list[str]
    created_at: datetime
    card: dict[str, object]


class PersonView(FoldView):
    """A person as far as they are known, with what made them one."""

    merges: list[MergeView]
    leads: int
    activities: int
    first_lead_at: datetime | None
    last_lead_at: datetime | None
    candidates: int


class LimitView(BaseModel):
    """More of a kind than one person may have."""

    kind: str
    count: int
    limit: int


class PreviewView(FoldView):
    """What a merge would make. `refused` is why it would not be done; null: it would.

    What is beyond limits keeps the matcher from merging on its own; a person may know better.
    """

    refused: str | None
    beyond_limits: list[LimitView]


def may_know(identity: Identity) -> bool:
    """Whether names and addresses are shown to this caller as they are."""
    return "pii:read" in identity.scopes


def shown_card(card: Mapping[str, object], identity: Identity) -> dict[str, object]:
    """The card for this caller; what can't be masked is hidden, but that it is there is shown."""
    if may_know(identity):
        return dict(card)
    return {name: _masked(name, value) for name, value in card.items()}


def person_view(known: Known, identity: Identity) -> PersonView:
    """A person for this caller."""
    return PersonView(
        **_fold(known.person, identity).model_dump(),
        merges=[_merge(one) for one in known.merges],
        **known.numbers,
    )


def preview_view(preview: Preview, identity: Identity) -> PreviewView:
    """What a merge would make, for this caller."""
    refused = "they are one already" if preview.is_one else None
    if preview.is_too_many:
        refused = "they would have more ids than one person may"
    beyond = [
        LimitView(kind=kind, count=count, limit=limit)
        for kind, (count, limit) in sorted(preview.beyond.items())
    ]
    fold = _fold(preview.person, identity).model_dump()
    return PreviewView(**fold, refused=refused, beyond_limits=beyond)


def _fold(person: MergedPerson, identity: Identity) -> FoldView:
    return FoldView(
        person_id=person.person_id,
        member_ids=list(person.member_ids),
        created_at=person.created_at,
        card=shown_card(person.card, identity),
    )


def _merge(merge: Merge) -> MergeView:
    return MergeView(
        merge_id=merge.id, survivor_id=merge.survivor_id, member_ids=sorted(merge.member_ids)
    )


def _masked(name: str, value: object) -> object:
    if name in OPEN_FIELDS:
        return value
    if name == EXTERNAL_IDS and isinstance(value, Mapping):
        return dict.fromkeys(value, HIDDEN)
    mask = MASKS.get(name)
    return mask(value) if mask is not None and isinstance(value, str) else HIDDEN
