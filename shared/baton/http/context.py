"""What every request gets, in one pass: an id, a trace, its numbers and a log line."""

import re
from collections.abc import Mapping
from time import perf_counter
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from baton.http.problems import MEDIA_TYPE, problem_body
from baton.ids import new_id
from baton.tracing import child_of
from baton.transaction import Origin

REQUEST_ID: Final = re.compile(rb"^[0-9a-fA-F-]{16,64}$")
"""An id, not a word: it is logged and echoed."""
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30)
SLOW_SECONDS: Final = 1.0
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = structlog.get_logger()


class RequestContext:
    """The outermost layer of a service's HTTP door; it sits on every request and so does little."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._requests = Counter(
            "baton_http_requests",
            "Requests answered.",
            ("route", "method", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "baton_http_request_duration_seconds",
            "Time from a request's head to the end of its answer.",
            ("route",),
            buckets=BUCKETS,
            registry=registry,
        )
        # Looking a labelled child up costs more than counting in it.
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; a failure that nobody answered becomes a 500 here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        request_id, origin = identity_of(dict(scope["headers"]))
        status = await self.serve(self._app, scope, receive, send, known=(request_id, origin))
        route = getattr(scope.get("route"), "path", None) or "unmatched"
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        self.count(route, method, status, perf_counter() - started)

    async def serve(
        self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, *, known: tuple[str, Origin]
    ) -> int:
        """Let an application answer under this id and origin; returns the answer's status."""
        answer = _Answer(send, known[0])
        scope.setdefault("state", {}).update(request_id=known[0], origin=known[1])
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=known[0])
        try:
            await app(scope, receive, answer.send)
        except Exception as error:
            log.exception("request_failed", method=scope["method"], exc_info=error)
            await answer.fail()
        return answer.status

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answer; a failed or slow one is logged."""
        children = self._children.get((route, method, status))
        if children is None:
            labels = (route, method, str(status))
            children = (self._requests.labels(*labels), self._seconds.labels(route))
            self._children[route, method, status] = children
        children[0].inc()
        children[1].observe(seconds)
        if status >= 500 or seconds > SLOW_SECONDS:
            log.warning(
                "request", route=route, method=method, status=status, seconds=round(seconds, 4)
            )


def identity_of(headers: Mapping[bytes, bytes]) -> tuple[str, Origin]:
    """The request's id, its caller's own when that is an id, and the origin of what it causes."""
    correlation_id = new_id()
    given, traceparent = headers.get(b"x-request-id"), headers.get(b"traceparent")
    request_id = given.decode() if given and REQUEST_ID.match(given) else correlation_id
    trace = traceparent.decode("latin-1") if traceparent else None
    return request_id, Origin(correlation_id, child_of(trace))


class _Answer:
    """Watches an answer go out, and adds the request's id to it."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self.request_id = request_id
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [
                *message.get("headers", ()),
                (b"x-request-id", self.request_id.encode()),
            ]
        await self._send(message)

    async def fail(self) -> None:
        if self.status:
            self.status = 500
            return
        body = problem_body(
            500, "the fault is recorded under request_id", kind="fault", request_id=self.request_id
        )
        headers = [(b"content-type", MEDIA_TYPE.encode())]
        await self.send({"type": "http.response.start", "status": 500, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})
