"""The hot route, `POST /v1/leads`, ahead of the whole application.

FastAPI's way to an endpoint costs as much as everything that has to be done for a lead, and ASGI's
own a quarter of it. So a lead of a known sender is taken directly from the connection, and where
there is anything to wait for or to explain, by an ASGI object in front of the application. Both
answer as every other route does; the route stands in the OpenAPI document as one of `leads.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from baton.errors import Forbidden, Refused, Unauthorized, Unavailable
from baton.http.context import RequestContext, identity_of
from baton.http.direct import DirectRequest
from baton.http.limits import JSON_TYPES
from baton.http.problems import HANDLERS, ProblemResponse
from baton.transaction import Origin
from marketing_intake import metrics
from marketing_intake.api.door import Answer, LeadDoor, answer_to
from marketing_intake.handlers.submission import Outcome
from marketing_intake.reading.json_lead import LEAD_BYTES_MAX

PATH: Final = "/v1/leads"
EXPECTED: Final = (Refused, Unavailable, Unauthorized, Forbidden)
BODY_BYTES_MAX: Final = 4 * LEAD_BYTES_MAX


class HotLeads:
    """Takes `POST /v1/leads` and hands everything else on."""

    method = b"POST"
    path = PATH.encode()
    bytes_max = BODY_BYTES_MAX

    def __init__(self, context: RequestContext, door: LeadDoor) -> None:
        self._context = context
        self._door = door

    def take(self, request: DirectRequest) -> bool:
        """Take a lead for which there is nothing to wait but its commit."""
        started = perf_counter()
        headers = dict(request.headers)
        source = self._door.known_source(headers.get(b"authorization"))
        content_type = headers.get(b"content-type", b"").decode("latin-1")
        if source is None or source.limits is not None or not is_json(content_type):
            return False
        request_id, origin = identity_of(headers)
        try:
            submission = self._door.read(
                request.body,
                source,
                content_type=content_type,
                origin=origin,
                idempotency_key=headers.get(b"idempotency-key"),
            )
            deliver = partial(self._deliver, request, (request_id, origin), started)
            self._door.committer.hand_in(submission, deliver)
        except Exception:  # noqa: BLE001 nothing was done: the ordinary way meets it again, and answers
            return False
        return True

    def _deliver(
        self,
        request: DirectRequest,
        known: tuple[str, Origin],
        started: float,
        outcome: Outcome | Exception,
    ) -> None:
        if isinstance(outcome, Exception):
            request.hand_on(_Failed(self._context, outcome, known))
            return
        answer = answer_to(outcome, known[0])
        headers = (*answer.headers, (b"x-request-id", known[0].encode()))
        request.respond(answer.status, headers, answer.body)
        self._context.count(PATH, "POST", answer.status, perf_counter() - started)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self._context(scope, receive, send)
            return
        started = perf_counter()
        headers = dict(scope["headers"])
        request_id, origin = identity_of(headers)
        try:
            answer = await self._answer(headers, receive, request_id, origin)
        except Exception as error:  # noqa: BLE001 the context answers it, and logs what is a bug
            other = _problem(error)
            known = (request_id, origin)
            status = await self._context.serve(other, scope, receive, send, known=known)
        else:
            status = answer.status
            own = ((b"x-request-id", request_id.encode()), _length(answer.body))
            start = {"type": "http.response.start", "status": status}
            await send({**start, "headers": [*answer.headers, *own]})
            await send({"type": "http.response.body", "body": answer.body})
        self._context.count(PATH, "POST", status, perf_counter() - started)

    async def _answer(
        self, headers: Mapping[bytes, bytes], receive: Receive, request_id: str, origin: Origin
    ) -> Answer:
        content_type = headers.get(b"content-type", b"").decode("latin-1")
        if not is_json(content_type):
            raise _Unsupported
        source = await self._door.source_of(headers.get(b"authorization"))
        body = await _read(receive)
        if body is None:
            metrics.TURNED_AWAY.labels("too_large").inc()
            raise _TooLarge
        outcome = await self._door.take(
            body,
            source,
            content_type=content_type,
            origin=origin,
            idempotency_key=headers.get(b"idempotency-key"),
        )
        return answer_to(outcome, request_id)


@dataclass(frozen=True, slots=True)
class _Failed:
    """An application that answers with what an error means, and counts its answer."""

    context: RequestContext
    error: Exception
    known: tuple[str, Origin]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        answer = _problem(self.error)
        status = await self.context.serve(answer, scope, receive, send, known=self.known)
        self.context.count(PATH, "POST", status, perf_counter() - started)


class _Unsupported(Exception):
    """The body is of a type that is not read here."""


class _TooLarge(Exception):
    """The body is longer than any lead may be."""


def is_json(content_type: str) -> bool:
    """Whether a content type is one that this door reads."""
    if content_type == JSON_TYPES[0]:
        return True
    media_type = content_type.split(";", maxsplit=1)[0].strip().lower()
    return media_type == JSON_TYPES[0] or media_type.endswith("+json")


def _length(body: bytes) -> tuple[bytes, bytes]:
    return b"content-length", str(len(body)).encode()


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


def _problem(error: Exception) -> ASGIApp:
    """An application that answers with the problem that an error means; a bug it raises again."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        response = await _response(error, Request(scope))
        await response(scope, receive, send)

    return answer


async def _response(error: Exception, request: Request) -> Response:
    match error:
        case _Unsupported():
            return ProblemResponse(request, 415, "the content type must be application/json")
        case _TooLarge():
            return ProblemResponse(request, 413, f"a lead may have {LEAD_BYTES_MAX} bytes")
        case Unauthorized():
            metrics.TURNED_AWAY.labels("unauthorized").inc()
        case _:
            pass
    for kind, handler in HANDLERS.items():
        if isinstance(error, kind):
            response: Response = await handler(request, error)
            return response
    raise error
