"""Consent by HTTP: what a person allows from now on, and what they have said so far."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, field_validator

from baton.auth.api_keys import Identity
from baton.contracts.vocabulary import ConsentPurpose
from baton.http import PROBLEMS, PathUuid, request_origin, require
from baton.transaction import Origin
from baton.transactions import Transactions
from marketing_intake.domain.consent import How, Speaker
from marketing_intake.handlers import consent
from marketing_intake.repository import consent as evidence
from marketing_intake.repository.erasure import kin_of

Admin = Annotated[Identity, Depends(require("people:admin"))]
PERSONAL: Final[dict[str, None]] = {"text_version": None, "circumstances": None, "proof": None}
FromRequest = Annotated[Origin, Depends(request_origin)]


class ConsentForm(BaseModel):
    """What the person allows from now on; nothing: an empty list."""

    granted: list[ConsentPurpose] = Field(max_length=10)


class ConsentKept(BaseModel):
    """The consent with its version; a later one wins."""

    person_id: str
    granted: list[ConsentPurpose]
    version: int


class ConsentView(BaseModel):
    """One thing that was said, and how that can be shown; what is personal with `pii:read`."""

    id: str
    person_id: str
    happened_at: datetime
    recorded_at: datetime
    granted: list[ConsentPurpose]
    withdrawn: list[ConsentPurpose]
    how: How
    speaker: Speaker
    who: str
    source_id: str | None
    component: str | None
    contract_version: int | None
    text_sha256: str | None
    text_version: str | None
    circumstances: dict[str, Any] | None
    proof: dict[str, Any] | None

    @field_validator("text_sha256", mode="before")
    @classmethod
    def hexadecimal(cls, value: object) -> object:
        """Hashes are shown as digits."""
        return value.hex() if isinstance(value, bytes) else value


class ConsentsView(BaseModel):
    """All that was said, oldest first, under all ids that are one with the person's."""

    person_id: str
    consents: list[ConsentView]


def make_consent_router(transactions: Transactions) -> APIRouter:
    """`/v1/people/{person_id}/consent` and `…/consents`."""
    router = APIRouter(prefix="/v1/people", tags=["people"], responses=PROBLEMS)

    @router.post("/{person_id}/consent")
    async def change_consent(
        person_id: PathUuid, form: ConsentForm, admin: Admin, origin: FromRequest
    ) -> ConsentKept:
        """Record what the person allows now; without `contact`, sales stops."""
        async with transactions.begin() as tx:
            version = await consent.change_consent(
                person_id, form.granted, tx, who=admin.who, origin=origin
            )
        return ConsentKept(person_id=person_id, granted=form.granted, version=version)

    @router.get("/{person_id}/consents")
    async def list_consents(person_id: PathUuid, admin: Admin) -> ConsentsView:
        """What the person has said about consent, as evidence; nothing of it is ever changed."""
        async with transactions.read() as reader:
            rows = await evidence.shown(reader, await kin_of(reader, person_id))
        if "pii:read" not in admin.scopes:
            rows = [row | PERSONAL for row in rows]
        views = [ConsentView.model_validate(row) for row in rows]
        return ConsentsView(person_id=person_id, consents=views)

    return router
