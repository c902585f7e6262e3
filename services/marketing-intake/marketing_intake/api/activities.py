"""Activities by HTTP: one as an object, up to 1,000 as an array or a line each."""

from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from baton.auth.api_keys import Identity
from baton.http import PROBLEMS, request_origin, require
from baton.transaction import Origin
from marketing_intake.api.door import LeadDoor, answer_to, idempotency_of, respond
from marketing_intake.api.items import ITEMS_MAX, LINES, is_lines, items_of
from marketing_intake.api.leads import IDEMPOTENCY_KEY
from marketing_intake.domain.source import Source
from marketing_intake.handlers.submission import (
    ACCEPTED,
    Outcome,
    Submission,
    answer_of,
    event_id,
)
from marketing_intake.reading.activity_form import ActivityForm, read_activity
from marketing_intake.reading.readers import ACTIVITY_JSON

SENDER = Depends(require("leads:write"))
ORIGIN = Depends(request_origin)


class ActivityKept(BaseModel):
    """The one activity is durable.

    `ignored`, with a payload and nothing else: its person was forgotten and has not come back.
    """

    activity_id: str | None = None
    person_id: str | None = None
    payload_id: str | None = None
    status: str


class ActivityAnswer(BaseModel):
    """One activity's answer, in the order of the activities."""

    index: int
    status: int
    activity_id: str | None = None
    person_id: str | None = None
    payload_id: str | None = None
    field: str | None = None
    detail: str | None = None


class ActivitiesAnswer(BaseModel):
    """How many are recorded (now or before) and refused, and an answer for each."""

    recorded: int
    refused: int
    items: list[ActivityAnswer]


def make_activities_router(door: LeadDoor) -> APIRouter:
    """`/v1/activities`."""
    router = APIRouter(prefix="/v1", tags=["activities"], responses=PROBLEMS)
    one: dict[int | str, dict[str, Any]] = {202: {"model": ActivityKept}}

    @router.post(
        "/activities",
        response_model=ActivitiesAnswer,
        responses=one,
        openapi_extra=activities_body() | IDEMPOTENCY_KEY,
    )
    async def record_activities(
        request: Request, identity: Identity = SENDER, origin: Origin = ORIGIN
    ) -> Response:
        """Record what people did: one object is answered 202, several 200 with an answer each."""
        source = await door.source_for(identity)
        body = await request.body()
        content_type = request.headers.get("content-type", "")
        key = request.headers.get("idempotency-key")
        if is_lines(content_type) or body.lstrip()[:1] == b"[":
            items = items_of(body, content_type, "activities")
            await door.admit(source, len(items))
            submissions = [submission_of(item, source, door, origin) for item in items]
            outcomes = await door.committer.commit_together(submissions)
            return JSONResponse(summary(outcomes).model_dump())
        await door.admit(source)
        submission = submission_of(body, source, door, origin, key=key)
        outcome = await door.committer.submit(submission)
        return respond(answer_to(outcome, request.scope["state"]["request_id"]))

    return router


def activities_body() -> dict[str, Any]:
    """How the body stands in the OpenAPI document: the form itself, for no route takes it as one.

    A route that does would refuse what does not fit before it could be kept.
    """
    activity = inlined(ActivityForm.model_json_schema())
    array = {"type": "array", "items": activity, "minItems": 1, "maxItems": ITEMS_MAX}
    content = {
        "application/json": {"schema": {"oneOf": [activity, array]}},
        LINES[0]: {"schema": activity},
    }
    return {"requestBody": {"required": True, "content": content}}


def inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """A form's schema with what it refers to written out where it is referred to."""
    known = schema.pop("$defs", {})

    def written_out(value: Any) -> Any:  # noqa: ANN401 whatever a schema holds
        match value:
            case {"$ref": str(place), **rest}:
                return written_out(known[place.rsplit("/", 1)[1]] | rest)
            case dict():
                return {name: written_out(inner) for name, inner in value.items()}
            case list():
                return [written_out(inner) for inner in value]
            case _:
                return value

    found: dict[str, Any] = written_out(schema)
    return found


def submission_of(
    body: bytes, source: Source, door: LeadDoor, origin: Origin, *, key: str | None = None
) -> Submission:
    """One activity as a submission; its sender's own id of it counts before a request's key."""
    now = door.transactions.clock.now()
    draft, own_id = read_activity(body, source, now, door.region)
    of_request = None if key is None else idempotency_of(key.encode("latin-1"), body)
    return Submission(
        source_id=source.id,
        draft=draft,
        body=body,
        content_type="application/json",
        origin=origin,
        received_at=now,
        idempotency=of_request if own_id is None else event_id(f"activity:{own_id}"),
        component=ACTIVITY_JSON,
        contract_version=source.contract_version,
    )


def summary(outcomes: Sequence[Outcome]) -> ActivitiesAnswer:
    """The answer to several."""
    items = [_item(index, outcome) for index, outcome in enumerate(outcomes)]
    recorded = sum(1 for item in items if item.status == ACCEPTED)
    return ActivitiesAnswer(recorded=recorded, refused=len(items) - recorded, items=items)


def _item(index: int, outcome: Outcome) -> ActivityAnswer:
    status, body = answer_of(outcome)
    return ActivityAnswer.model_validate({**orjson.loads(body), "index": index, "status": status})
