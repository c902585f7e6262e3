"""What a body may be: how large, and on the API's paths which content type."""

from contextlib import suppress
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from baton.http.problems import MEDIA_TYPE, problem_body

API_PREFIX: Final = "/v1/"
JSON_TYPES: Final = ("application/json", "application/x-ndjson", "application/jsonl")
TABLE_TYPES: Final = ("text/csv",)
"""A few doors take a table as well; the others answer one with 422, as they do bad JSON."""
WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


class TooLarge(Exception):
    """More bytes came than are taken."""


class BodyLimits:
    """Refuses a body that says or turns out to be too large, or that no JSON door can read."""

    def __init__(self, app: ASGIApp, bytes_max: int) -> None:
        self._app = app
        self._bytes_max = bytes_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or answer 413 or 415."""
        if scope["type"] != "http" or scope["method"] not in WITH_BODY:
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._bytes_max:
            await self._refuse(scope, send, 413)
        elif self._is_foreign(scope["path"], headers):
            await self._refuse(scope, send, 415)
        else:
            await self._serve_counting(scope, receive, send)

    async def _serve_counting(self, scope: Scope, receive: Receive, send: Send) -> None:
        received = 0
        is_started = False

        async def counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._bytes_max:
                raise TooLarge
            return message

        async def watching(message: Message) -> None:
            nonlocal is_started
            # Who reads a body answers a failed read with 400 or 500; what is wrong is its size.
            if received <= self._bytes_max or is_started:
                is_started = True
                await send(message)

        with suppress(TooLarge):
            await self._app(scope, counting, watching)
        if received > self._bytes_max and not is_started:
            await self._refuse(scope, send, 413)

    @staticmethod
    def _is_foreign(path: str, headers: dict[bytes, bytes]) -> bool:
        if not path.startswith(API_PREFIX) or headers.get(b"content-length") == b"0":
            return False
        if b"content-length" not in headers and b"transfer-encoding" not in headers:
            return False
        type_ = headers.get(b"content-type", b"").decode("latin-1").split(";")[0].strip().lower()
        return type_ not in (*JSON_TYPES, *TABLE_TYPES) and not type_.endswith("+json")

    async def _refuse(self, scope: Scope, send: Send, status: int) -> None:
        detail = (
            f"the body must have at most {self._bytes_max} bytes"
            if status == 413
            else "the content type must be application/json"
        )
        request_id = scope.get("state", {}).get("request_id")
        body = problem_body(status, detail, request_id=request_id)
        headers = [(b"content-type", MEDIA_TYPE.encode()), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
