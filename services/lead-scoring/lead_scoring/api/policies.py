"""Policies by HTTP: draft one, publish it, look at them; each change is audited."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field

from baton.auth.api_keys import Identity
from baton.errors import NotFound
from baton.http import PAGE_MAX, PROBLEMS, Cursors, Page, request_origin, require
from baton.settings import ServiceSettings
from baton.transaction import Origin
from baton.transactions import Transactions
from lead_scoring import queries
from lead_scoring.api.toml import TomlRoute
from lead_scoring.handlers import policies as handlers
from lead_scoring.repository import policies
from lead_scoring.repository.documents import PolicyDocument

VERSION_MAX: Final = 2**31 - 1
NO_FILTERS: Final[dict[str, object]] = {"list": "policies"}

Admin = Annotated[Identity, Depends(require("policies:admin"))]
FromRequest = Annotated[Origin, Depends(request_origin)]
Version = Annotated[int, Path(ge=1, le=VERSION_MAX)]
Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]
Cursor = Annotated[str | None, Query(max_length=500)]


class PolicyStatus(StrEnum):
    """Where a version is: it holds, it held, or it was never published."""

    DRAFT = "draft"
    ACTIVE = "active"
    REPLACED = "replaced"


class PolicyView(BaseModel):
    """A version of the policy."""

    version: int = Field(examples=[1])
    status: PolicyStatus
    document: PolicyDocument
    created_at: datetime
    created_by: str
    published_at: datetime | None
    published_by: str | None


def make_policies_router(transactions: Transactions, settings: ServiceSettings) -> APIRouter:
    """`/v1/policies`."""
    router = APIRouter(
        prefix="/v1/policies", tags=["policies"], responses=PROBLEMS, route_class=TomlRoute
    )
    _add_changes(router, transactions)
    _add_lists(router, transactions, Cursors(settings.secret.get_secret_value()))
    return router


def _add_changes(router: APIRouter, transactions: Transactions) -> None:
    @router.post("", status_code=201)
    async def draft_policy(document: PolicyDocument, admin: Admin) -> PolicyView:
        """Keep a new version, sent as JSON or TOML; nothing is decided by it until published."""
        async with transactions.begin() as tx:
            policy = await handlers.draft(document, tx, who=admin.who)
            return _view(_fields_of(policy), await policies.active_version(tx))

    @router.post("/{version}/publish")
    async def publish_policy(version: Version, admin: Admin, origin: FromRequest) -> PolicyView:
        """Decide by this version from now on; one that is older than one that held: 409.

        Open people are scored by it in the background: `GET …/rescoring`.
        """
        async with transactions.begin() as tx:
            policy = await handlers.publish(version, tx, who=admin.who, origin=origin)
            return _view(_fields_of(policy), await policies.active_version(tx))


def _add_lists(router: APIRouter, transactions: Transactions, cursors: Cursors) -> None:
    @router.get("/active")
    async def get_active_policy(_admin: Admin) -> PolicyView:
        """The version by which leads are decided now."""
        async with transactions.read() as reader:
            version = await policies.active_version(reader)
            policy = None if version is None else await policies.find(reader, version)
        if policy is None:
            raise NotFound("no policy is published yet", field="version")
        return _view(_fields_of(policy), version)

    @router.get("/{version}")
    async def get_policy(version: Version, _admin: Admin) -> PolicyView:
        """One version."""
        async with transactions.read() as reader:
            policy = await policies.find(reader, version)
            active = await policies.active_version(reader)
        if policy is None:
            raise NotFound(f"there is no policy with the version {version}", field="version")
        return _view(_fields_of(policy), active)

    @router.get("")
    async def list_policies(
        _admin: Admin, cursor: Cursor = None, limit: Limit = 50
    ) -> Page[PolicyView]:
        """All versions, newest first."""
        before = VERSION_MAX if cursor is None else int(cursors.decode(cursor, NO_FILTERS)[0])
        async with transactions.read() as reader:
            rows = await queries.policies(reader, before=before, limit=limit)
            active = await policies.active_version(reader)
        is_more = len(rows) == limit
        following = cursors.encode([rows[-1]["version"]], NO_FILTERS) if is_more else None
        return Page(items=[_view(row, active) for row in rows], next_cursor=following)


def _view(row: dict[str, Any], active: int | None) -> PolicyView:
    """A version with where it is."""
    status = PolicyStatus.DRAFT if row["published_at"] is None else PolicyStatus.REPLACED
    if row["version"] == active:
        status = PolicyStatus.ACTIVE
    return PolicyView(status=status, **row)


def _fields_of(policy: policies.StoredPolicy) -> dict[str, Any]:
    """Its fields by name."""
    return {name: getattr(policy, name) for name in policy.__dataclass_fields__}
