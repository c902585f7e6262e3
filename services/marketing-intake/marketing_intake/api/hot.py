"""The hot route, `POST /v1/leads`, ahead of the whole application.

FastAPI's way to an endpoint costs as much as everything that has to be done for a lead; measured,
an ASGI object in front takes twice as many. It answers as every other route does, stands in the
OpenAPI document as a route of `leads.py`, and hands every other path on.
"""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from baton.errors import Forbidden, Refused, Unauthorized, Unavailable
from baton.http.limits import JSON_TYPES
from baton.http.problems import HANDLERS, ProblemResponse
from marketing_intake import metrics
from marketing_intake.api.door import LeadDoor, answer_to
from marketing_intake.api.reading import LEAD_BYTES_MAX

PATH: Final = "/v1/leads"
EXPECTED: Final = (Refused, Unavailable, Unauthorized, Forbidden)
BODY_BYTES_MAX: Final = 4 * LEAD_BYTES_MAX


@dataclass(frozen=True, slots=True)
class _Route:
    path: str


ROUTE: Final = _Route(PATH)


class HotLeads:
    """Takes `POST /v1/leads` and hands everything else on."""

    def __init__(self, app: ASGIApp, door: LeadDoor) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        scope["route"] = ROUTE
        try:
            await self._serve(scope, receive, send)
        except EXPECTED as error:
            await _explain(error, scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        authorization = content_type = key = None
        for name, value in scope["headers"]:
            if name == b"authorization":
                authorization = value
            elif name == b"content-type":
                content_type = value.decode("latin-1")
            elif name == b"idempotency-key":
                key = value
        if not is_json(content_type):
            problem = ProblemResponse(
                Request(scope), 415, "the content type must be application/json"
            )
            await problem(scope, receive, send)
            return
        source = await self._door.source_of(authorization)
        body = await _read(receive)
        if body is None:
            metrics.TURNED_AWAY.labels("too_large").inc()
            detail = f"a lead may have {LEAD_BYTES_MAX} bytes"
            await ProblemResponse(Request(scope), 413, detail)(scope, receive, send)
            return
        state = scope["state"]
        outcome = await self._door.take(
            body,
            source,
            content_type=content_type or "",
            origin=state["origin"],
            idempotency_key=key,
        )
        answer = answer_to(outcome, state["request_id"])
        headers = [*answer.headers, (b"content-length", str(len(answer.body)).encode())]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})


def is_json(content_type: str | None) -> bool:
    """Whether a content type is one that this door reads."""
    if content_type == JSON_TYPES[0]:
        return True
    media_type = (content_type or "").split(";")[0].strip().lower()
    return media_type == JSON_TYPES[0] or media_type.endswith("+json")


async def _read(receive: Receive) -> bytes | None:
    """The body, or None when it is too large for a single lead."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > BODY_BYTES_MAX:
            return None
    return body if len(body) <= BODY_BYTES_MAX else None


async def _explain(error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
    if isinstance(error, Unauthorized):
        metrics.TURNED_AWAY.labels("unauthorized").inc()
    for kind, handler in HANDLERS.items():
        if isinstance(error, kind):
            response: Response = await handler(Request(scope), error)
            await response(scope, receive, send)
            return
