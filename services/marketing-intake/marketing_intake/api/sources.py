"""Sources by HTTP, for whoever looks after marketing's tools."""

from fastapi import APIRouter, Depends

from baton.auth.api_keys import Identity
from baton.errors import NotFound
from baton.http import PROBLEMS, PathUuid, request_origin, require
from baton.transaction import Origin
from baton.transactions import Transactions
from baton.vault import Vault
from marketing_intake import queries
from marketing_intake.api.source_forms import (
    SourceChange,
    SourceContract,
    SourceForm,
    SourceMade,
    SourceView,
    VersionView,
    contract_view,
    view,
)
from marketing_intake.api.source_terms import change_of, drawn_source
from marketing_intake.domain.source import Source
from marketing_intake.handlers import sources
from marketing_intake.repository import catalogue

ADMIN = Depends(require("sources:admin"))
ORIGIN = Depends(request_origin)


def make_sources_router(transactions: Transactions, vault: Vault) -> APIRouter:
    """`/v1/sources`."""
    router = APIRouter(prefix="/v1", tags=["sources"], responses=PROBLEMS)

    @router.post("/sources", status_code=201)
    async def create_source(
        form: SourceForm, identity: Identity = ADMIN, origin: Origin = ORIGIN
    ) -> SourceMade:
        """Make a source; its key is in this answer and nowhere else."""
        secret = None if form.secret is None else form.secret.get_secret_value()
        async with transactions.begin() as tx:
            made = await sources.create_source(
                drawn_source(form), secret, tx, vault=vault, who=identity.who, origin=origin
            )
        return SourceMade(**view(made.source), api_key=made.api_key)

    @router.get("/sources")
    async def list_sources(_: Identity = ADMIN) -> list[SourceView]:
        """All sources, by name."""
        async with transactions.read() as reader:
            found = await catalogue.list_sources(reader)
        return [SourceView(**view(source)) for source in found]

    @router.get("/sources/{source_id}")
    async def show_source(source_id: PathUuid, _: Identity = ADMIN) -> SourceContract:
        """A source with its contract as it holds now."""
        return contract_view(await _existing(transactions, source_id))

    @router.get("/sources/{source_id}/versions")
    async def list_versions(source_id: PathUuid, _: Identity = ADMIN) -> list[VersionView]:
        """What was agreed with a source, newest first; leads name the version they came under."""
        await _existing(transactions, source_id)
        async with transactions.read() as reader:
            rows = await queries.contract_versions(reader, source_id)
        return [VersionView.model_validate(row) for row in rows]

    @router.patch("/sources/{source_id}")
    async def change_source(
        source_id: PathUuid, form: SourceChange, identity: Identity = ADMIN, origin: Origin = ORIGIN
    ) -> SourceContract:
        """Change what is agreed with a source, or close it; it holds within seconds."""
        change = change_of(form, source_id, vault)
        async with transactions.begin() as tx:
            source = await sources.change_source(
                source_id, change, tx, what=_what(form), who=identity.who, origin=origin
            )
        return contract_view(source)

    return router


def _what(form: SourceChange) -> str:
    if form.model_fields_set == {"is_active"}:
        return "source opened" if form.is_active else "source closed"
    return "source changed"


async def _existing(transactions: Transactions, source_id: str) -> Source:
    async with transactions.read() as reader:
        source = await catalogue.find_source(reader, source_id)
    if source is None:
        raise NotFound("there is no such source", field="source_id")
    return source
