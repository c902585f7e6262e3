"""Publications by HTTP: which version held when, rolling back, and how far re-scoring is."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from baton.auth.api_keys import Identity
from baton.errors import NotFound
from baton.http import PAGE_MAX, PROBLEMS, Cursors, Page, request_origin, require
from baton.settings import ServiceSettings
from baton.transaction import Origin
from baton.transactions import Transactions
from lead_scoring.handlers import policies as handlers
from lead_scoring.repository import publications
from lead_scoring.repository.publications import Publication, Stage, stage_of

NUMBER_MAX: Final = 2**31 - 1
NO_FILTERS: Final[dict[str, object]] = {"list": "publications"}

Admin = Annotated[Identity, Depends(require("policies:admin"))]
FromRequest = Annotated[Origin, Depends(request_origin)]
Version = Annotated[int, Path(ge=1, le=NUMBER_MAX)]


class RollBackAsked(BaseModel):
    """Which version holds now, as whoever asks believes: another one answers 409."""

    model_config = ConfigDict(extra="forbid")

    replaces: int = Field(ge=1, le=NUMBER_MAX, examples=[2])


class PublicationView(BaseModel):
    """A version began to hold, and open people are looked at again because of it.

    `people` is at how many that was so far, `said` for how many of them something had changed.
    """

    publication: int
    version: int
    is_rollback: bool
    published_at: datetime
    published_by: str
    rescoring: Stage
    people: int
    people_total: int
    said: int
    started_at: datetime | None
    ended_at: datetime | None


def make_publications_router(transactions: Transactions, settings: ServiceSettings) -> APIRouter:
    """`/v1/publications`, `/v1/policies/{version}/rollback` and `…/rescoring`."""
    router = APIRouter(prefix="/v1", tags=["policies"], responses=PROBLEMS)
    cursors = Cursors(settings.secret.get_secret_value())

    @router.post("/policies/{version}/rollback")
    async def roll_back_policy(
        version: Version, asked: RollBackAsked, admin: Admin, origin: FromRequest
    ) -> PublicationView:
        """Let a version hold again that held before; open people are scored by it again."""
        who = admin.who
        async with transactions.begin() as tx:
            replaces = asked.replaces
            await handlers.roll_back(version, tx, replaces=replaces, who=who, origin=origin)
            latest = await publications.latest(tx)
        assert latest is not None, "a version holds"
        return _view(latest, latest.number)

    @router.get("/policies/{version}/rescoring")
    async def get_rescoring(version: Version, _admin: Admin) -> PublicationView:
        """How far the re-scoring is that followed when this version began to hold last."""
        async with transactions.read() as reader:
            found = await publications.of_version(reader, version)
            newest = await publications.holding(reader)
        if found is None:
            raise NotFound("this version never held", field="version")
        return _view(found, newest)

    @router.get("/publications")
    async def list_publications(
        _admin: Admin,
        cursor: Annotated[str | None, Query(max_length=500)] = None,
        limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
    ) -> Page[PublicationView]:
        """Which version held from when on, the newest first."""
        before = NUMBER_MAX if cursor is None else int(cursors.decode(cursor, NO_FILTERS)[0])
        async with transactions.read() as reader:
            found = await publications.page(reader, before=before, limit=limit)
            newest = await publications.holding(reader)
        is_more = len(found) == limit
        following = cursors.encode([found[-1].number], NO_FILTERS) if is_more else None
        return Page(items=[_view(one, newest) for one in found], next_cursor=following)

    return router


def _view(one: Publication, newest: int | None) -> PublicationView:
    fields = {
        name: getattr(one, name) for name in PublicationView.model_fields if hasattr(one, name)
    }
    return PublicationView(**fields, publication=one.number, rescoring=stage_of(one, newest))
