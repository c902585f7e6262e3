"""What a body may be: how large, and on the API's paths which content type."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from baton.http.problems import MEDIA_TYPE, problem_body

API_PREFIX: Final = "/v1/"
JSON_TYPES: Final = ("application/json", "application/x-ndjson", "application/jsonl")
WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


class TooLarge(Exception):
    """More bytes came than are taken."""


@dataclass(frozen=True, slots=True)
class BodyRule:
    """What bodies may be on a path and below it, where it is not what they may be everywhere.

    `types` are the content types besides JSON, None: any; `bytes_max` None: as everywhere.
    """

    path: str
    types: tuple[str, ...] | None = ()
    bytes_max: int | None = None

    def covers(self, path: str) -> bool:
        """Whether the rule is about this path."""
        return path == self.path or path.startswith(self.path + "/")


class BodyLimits:
    """Refuses a body that says or turns out to be too large, or that no JSON door can read."""

    def __init__(self, app: ASGIApp, bytes_max: int, rules: Sequence[BodyRule] = ()) -> None:
        self._app = app
        self._everywhere = BodyRule("", bytes_max=bytes_max)
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or answer 413 or 415."""
        if scope["type"] != "http" or scope["method"] not in WITH_BODY:
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        rule = self._rule_of(scope["path"])
        bytes_max = rule.bytes_max or self._everywhere.bytes_max or 0
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > bytes_max:
            await _refuse(scope, send, 413, _too_large(bytes_max))
        elif _is_foreign(scope["path"], headers, rule):
            await _refuse(scope, send, 415, _foreign(rule))
        else:
            await self._serve_counting(scope, receive, send, bytes_max)

    def _rule_of(self, path: str) -> BodyRule:
        return next((rule for rule in self._rules if rule.covers(path)), self._everywhere)

    async def _serve_counting(
        self, scope: Scope, receive: Receive, send: Send, bytes_max: int
    ) -> None:
        received = 0
        is_started = False

        async def counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > bytes_max:
                raise TooLarge
            return message

        async def watching(message: Message) -> None:
            nonlocal is_started
            # Who reads a body answers a failed read with 400 or 500; what is wrong is its size.
            if received <= bytes_max or is_started:
                is_started = True
                await send(message)

        with suppress(TooLarge):
            await self._app(scope, counting, watching)
        if received > bytes_max and not is_started:
            await _refuse(scope, send, 413, _too_large(bytes_max))


def _is_foreign(path: str, headers: dict[bytes, bytes], rule: BodyRule) -> bool:
    if not path.startswith(API_PREFIX) or headers.get(b"content-length") == b"0":
        return False
    if b"content-length" not in headers and b"transfer-encoding" not in headers:
        return False
    if rule.types is None:
        return False
    type_ = headers.get(b"content-type", b"").decode("latin-1").split(";")[0].strip().lower()
    return type_ not in (*JSON_TYPES, *rule.types) and not type_.endswith("+json")


def _too_large(bytes_max: int) -> str:
    return f"the body must have at most {bytes_max} bytes"


def _foreign(rule: BodyRule) -> str:
    return f"the content type must be {' or '.join((JSON_TYPES[0], *(rule.types or ())))}"


async def _refuse(scope: Scope, send: Send, status: int, detail: str) -> None:
    request_id = scope.get("state", {}).get("request_id")
    body = problem_body(status, detail, request_id=request_id)
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
