"""Activities by HTTP: those that were recorded, and taking one back."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, StringConstraints

from baton.auth.api_keys import Identity
from baton.contracts.vocabulary import ActivityKind, Channel, Suspicion
from baton.errors import NotFound
from baton.http import PROBLEMS, Cursors, Line, Page, PathUuid, request_origin, require
from baton.http.text import UUID_PATTERN
from baton.transaction import Origin
from baton.transactions import Transactions
from marketing_intake import queries
from marketing_intake.handlers.retractions import retract_by_hand
from marketing_intake.queries.activities import ActivityFilter

PAGE_DEFAULT: Final = 50
READER = Depends(require("leads:read"))
ADMIN = Depends(require("people:admin"))
ORIGIN = Depends(request_origin)
QueryUuid = Annotated[str | None, Query(pattern=UUID_PATTERN), StringConstraints(to_lower=True)]


class ActivityView(BaseModel):
    """An activity; with a `suspicion` it is held to be a machine's, retracted it never counted."""

    activity_id: str
    person_id: str
    source_id: str
    source: str
    campaign: str | None
    channel: Channel
    kind: ActivityKind
    happened_at: datetime
    received_at: datetime
    correlation_id: str
    suspicion: Suspicion | None
    retracted_at: datetime | None


class EffectView(BaseModel):
    """Something that scoring or sales said because of the retraction."""

    event_id: str
    type: str
    lead_id: str | None
    prospect_id: str | None
    happened_at: datetime
    heard_at: datetime


class RetractionView(BaseModel):
    """Why an activity was taken back, and the scores and prospects that this changed.

    `who` is `rule` or whose hand it was; `reason` is null without `pii:read`.
    """

    retraction_id: str
    retracted_at: datetime
    who: str
    suspicion: Suspicion | None
    reason: str | None
    effects: list[EffectView]


class ActivityDetail(ActivityView):
    """An activity with what came of it; `details` are null without `pii:read`."""

    details: dict[str, Any] | None
    retraction: RetractionView | None


class RetractionForm(BaseModel):
    """Why it does not count; `suspicion` when it was a machine's."""

    reason: Line
    suspicion: Suspicion | None = None


class Retracted(BaseModel):
    """The activity is taken back, and everybody is told by this event."""

    activity_id: str
    retraction_id: str


def make_activity_views_router(transactions: Transactions, cursors: Cursors) -> APIRouter:
    """`/v1/activities`, as it is read and mended."""
    router = APIRouter(prefix="/v1/activities", tags=["activities"], responses=PROBLEMS)

    @router.get("")
    async def list_activities(
        wanted: Annotated[ActivityFilter, Depends(_filter)],
        _: Identity = READER,
        cursor: Annotated[str | None, Query(max_length=500)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = PAGE_DEFAULT,
    ) -> Page[ActivityView]:
        """Activities, newest first, without what names a person."""
        filters = {
            "list": "activities", "person": wanted.person_id, "source": wanted.source_id,
            "kind": wanted.kind, "suspicion": wanted.suspicion,
        }  # fmt: skip
        before = cursors.decode(cursor, filters)[0] if cursor else None
        async with transactions.read() as reader:
            rows = await queries.activities(reader, wanted, before=before, limit=limit)
        items = [ActivityView.model_validate(row) for row in rows]
        is_full = len(items) == limit
        following = cursors.encode([items[-1].activity_id], filters) if is_full else None
        return Page(items=items, next_cursor=following)

    @router.get("/{activity_id}")
    async def show_activity(activity_id: PathUuid, identity: Identity = READER) -> ActivityDetail:
        """One activity, and when it is retracted: why, and what that changed."""
        async with transactions.read() as reader:
            row = await queries.activity(reader, activity_id)
            if row is None:
                raise NotFound("there is no such activity", field="activity_id")
            is_counted = row["retraction_id"] is None
            effects = (
                [] if is_counted else await queries.activity_effects(reader, row["retraction_id"])
            )
        may_read = "pii:read" in identity.scopes
        shown = row if may_read else row | {"details": None, "reason": None}
        retraction = None if is_counted else _retraction(shown, effects)
        return ActivityDetail.model_validate(shown | {"retraction": retraction})

    @router.post("/{activity_id}/retract", status_code=201)
    async def retract_activity(
        activity_id: PathUuid,
        form: RetractionForm,
        admin: Identity = ADMIN,
        origin: Origin = ORIGIN,
    ) -> Retracted:
        """Say that it does not count: a machine's, or recorded by mistake. It stays to be seen."""
        async with transactions.begin() as tx:
            retraction = await retract_by_hand(
                activity_id,
                tx,
                reason=form.reason,
                suspicion=form.suspicion,
                who=admin.who,
                origin=origin,
            )
        return Retracted(activity_id=activity_id, retraction_id=retraction.event.id)

    return router


def _filter(
    person: QueryUuid = None,
    source: QueryUuid = None,
    kind: ActivityKind | None = None,
    suspicion: Suspicion | None = None,
) -> ActivityFilter:
    return ActivityFilter(person, source, kind, suspicion)


def _retraction(row: dict[str, Any], effects: list[dict[str, Any]]) -> RetractionView:
    return RetractionView(
        retraction_id=row["retraction_id"],
        retracted_at=row["retracted_at"],
        who=row["retracted_by"],
        suspicion=row["retracted_as"],
        reason=row["reason"],
        effects=[EffectView.model_validate(effect) for effect in effects],
    )
