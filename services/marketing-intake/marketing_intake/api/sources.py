"""Sources by HTTP, for whoever looks after marketing's tools."""

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, StringConstraints

from baton.auth.api_keys import Identity
from baton.contracts.vocabulary import Channel, SourceKind
from baton.http import PROBLEMS, Line, PathUuid, request_origin, require
from baton.transaction import Origin
from baton.transactions import Transactions
from marketing_intake.domain.source import Source
from marketing_intake.domain.traits import DeclaredTrait, TraitKind
from marketing_intake.handlers import sources
from marketing_intake.handlers.sources import NewSource
from marketing_intake.repository import catalogue

ADMIN = Depends(require("sources:admin"))
ORIGIN = Depends(request_origin)
TraitName = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{0,39}$")]


class TraitForm(BaseModel):
    """A trait that this source's leads carry: it helps to score and identifies nobody."""

    kind: TraitKind
    allowed: list[Line] | None = Field(default=None, max_length=2000)
    values_max: int = Field(default=100, ge=1, le=10_000)


class SourceForm(BaseModel):
    """A source to be made."""

    name: Line = Field(examples=["Newsletter"])
    kind: SourceKind = SourceKind.API
    channel: Channel = Channel.UNKNOWN
    traits: dict[TraitName, TraitForm] = Field(default_factory=dict, max_length=50)
    redirects: list[Line] = Field(default_factory=list, max_length=20)
    honeypot: TraitName = "website"
    cost_per_lead: Decimal | None = Field(default=None, ge=0, max_digits=18, decimal_places=4)
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")


class SourceView(BaseModel):
    """A source as it is."""

    source_id: str
    name: str
    kind: SourceKind
    channel: Channel
    is_active: bool
    form_key: str | None


class SourceMade(SourceView):
    """A source with its secret key, shown this once (None for a form: its key is public)."""

    api_key: str | None


class Activity(BaseModel):
    """Whether the source takes leads."""

    is_active: bool


def make_sources_router(transactions: Transactions) -> APIRouter:
    """`/v1/sources`."""
    router = APIRouter(prefix="/v1", tags=["sources"], responses=PROBLEMS)

    @router.post("/sources", status_code=201)
    async def create_source(
        form: SourceForm, identity: Identity = ADMIN, origin: Origin = ORIGIN
    ) -> SourceMade:
        """Make a source; its key is in this answer and nowhere else."""
        async with transactions.begin() as tx:
            made = await sources.create_source(_new(form), tx, who=identity.who, origin=origin)
        return SourceMade(**_view(made.source).model_dump(), api_key=made.api_key)

    @router.get("/sources")
    async def list_sources(_: Identity = ADMIN) -> list[SourceView]:
        """All sources, by name."""
        async with transactions.read() as reader:
            return [_view(source) for source in await catalogue.list_sources(reader)]

    @router.patch("/sources/{source_id}")
    async def change_source(
        source_id: PathUuid, form: Activity, identity: Identity = ADMIN, origin: Origin = ORIGIN
    ) -> SourceView:
        """Open or close a source; within seconds a closed one takes nothing."""
        async with transactions.begin() as tx:
            source = await sources.set_source_active(
                source_id, tx, is_active=form.is_active, who=identity.who, origin=origin
            )
        return _view(source)

    return router


def _new(form: SourceForm) -> NewSource:
    return NewSource(
        name=form.name,
        kind=form.kind,
        channel=form.channel,
        declared=[
            DeclaredTrait(
                name=name,
                kind=trait.kind,
                allowed=None if trait.allowed is None else frozenset(trait.allowed),
                values_max=trait.values_max,
            )
            for name, trait in form.traits.items()
        ],
        redirects=tuple(form.redirects),
        honeypot=form.honeypot,
        cost_per_lead=form.cost_per_lead,
        currency=form.currency,
    )


def _view(source: Source) -> SourceView:
    return SourceView(
        source_id=source.id,
        name=source.name,
        kind=source.kind,
        channel=source.channel,
        is_active=source.is_active,
        form_key=source.form_key,
    )
