"""A way past ASGI for the one request that a service lives on; every other goes as ever.

For each request ASGI makes a task, a scope, an event and two messages, and uvicorn checks each
header of the answer. Measured, that is a quarter of the time that a lead takes. Here a request
that is whole when it comes is handed to a function, and its answer is one write.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, cast, runtime_checkable

from starlette.types import ASGIApp
from typing_extensions import override
from uvicorn._types import ASGI3Application, HTTPScope
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

Headers = Sequence[tuple[bytes, bytes]]


@runtime_checkable
class DirectDoor(Protocol):
    """Takes requests of one method and path."""

    method: bytes
    path: bytes
    bytes_max: int
    """Longer bodies go the ordinary way."""

    def take(self, request: "DirectRequest") -> bool:
        """Answer it, now or later, once; False, and nothing done, sends it the ordinary way."""
        ...


class _Silence:
    """Stands for the event by which ASGI's cycle hears of its connection."""

    def set(self) -> None:
        """Nobody waits."""


@dataclass(slots=True, eq=False)
class DirectRequest:
    """A whole request. To its protocol it is what ASGI's cycle would be."""

    protocol: "DirectProtocol"
    scope: HTTPScope
    headers: Headers
    body: bytes
    keep_alive: bool
    response_complete: bool = False
    disconnected: bool = False
    message_event: ClassVar[_Silence] = _Silence()

    def respond(self, status: int, headers: Headers, body: bytes) -> None:
        """Send the answer; its length is added. Header values are trusted to hold no line ends."""
        self.protocol.answer(self, status, headers, body)

    def hand_on(self, app: ASGIApp) -> None:
        """Let an ASGI application answer, as if it had been asked from the beginning."""
        self.protocol.hand_on(self, app)


class DirectProtocol(HttpToolsProtocol):
    """uvicorn's protocol with a door of its own in front."""

    door: ClassVar[DirectDoor]
    _held: bytes | None = None

    @override
    def on_headers_complete(self) -> None:
        """Wait for the body of what the door takes, before anything is made for it."""
        door = self.door
        if (
            self.url == door.path
            and self.parser.get_method() == door.method
            and (self.cycle is None or self.cycle.response_complete)
            and not (self.expect_100_continue or self.flow.write_paused)
            and not self.parser.should_upgrade()
            and self.limit_concurrency is None
        ):
            self._held = b""
        else:
            super().on_headers_complete()

    @override
    def on_body(self, body: bytes) -> None:
        """Hold it, up to what the door takes."""
        if self._held is None:
            super().on_body(body)
            return
        self._held += body
        if len(self._held) > self.door.bytes_max:
            self._let_go()

    @override
    def on_message_complete(self) -> None:
        """Hand the request to the door, or on if the door does not want it."""
        if self._held is None:
            super().on_message_complete()
            return
        keep_alive = self.parser.get_http_version() == "1.1" and self.parser.should_keep_alive()
        request = DirectRequest(self, self.scope, self.headers, self._held, keep_alive)
        before = self.cycle
        self.cycle = cast("RequestResponseCycle", request)
        if self.door.take(request):
            self._held = None
        else:
            self.cycle = before
            self._let_go()
            super().on_message_complete()

    def answer(self, request: DirectRequest, status: int, headers: Headers, body: bytes) -> None:
        """Write an answer; what was asked behind it comes next."""
        if self.transport.is_closing():
            return
        lines = [STATUS_LINE[status]]
        for name, value in (*self.server_state.default_headers, *headers):
            lines += (name, b": ", value, b"\r\n")
        if not request.keep_alive:
            lines.append(b"connection: close\r\n")
        lines += (b"content-length: ", str(len(body)).encode(), b"\r\n\r\n", body)
        self.transport.write(b"".join(lines))
        request.response_complete = True
        if not request.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def hand_on(self, request: DirectRequest, app: ASGIApp) -> None:
        """Make ASGI's cycle for a request that came whole, and start it."""
        if self.transport.is_closing():
            return
        path = self.door.path
        request.scope |= {
            "method": self.door.method.decode(),
            "path": path.decode(),
            "raw_path": path,
            "query_string": b"",
        }
        cycle = RequestResponseCycle(
            scope=request.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=request.keep_alive,
            on_response=self.on_response_complete,
        )
        cycle.body, cycle.more_body = bytearray(request.body), False
        cycle.message_event.set()
        if cast("object", self.cycle) is request:
            self.cycle = cycle
        self._start_asgi_task(cycle, cast("ASGI3Application", app))

    def _let_go(self) -> None:
        held, self._held = self._held, None
        super().on_headers_complete()
        if held:
            super().on_body(held)


def protocol_with(door: DirectDoor) -> type[DirectProtocol]:
    """Uvicorn's `http` for a service with this door."""
    return type("DirectProtocol", (DirectProtocol,), {"door": door})
