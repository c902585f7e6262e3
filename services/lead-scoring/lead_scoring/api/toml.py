"""TOML at a door that takes JSON: what people write by hand is turned into what tools send."""

import tomllib
from collections.abc import Callable, Coroutine
from typing import Any, Final

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message
from typing_extensions import override

from baton.errors import Refused
from baton.http.limits import BodyRule

TOML: Final = "application/toml"
BODY_RULE: Final = BodyRule("/v1/policies", types=(TOML,))
NOT_TOML: Final = "the body must be a TOML document in UTF-8, with numbers that fit"


class TomlRoute(APIRoute):
    """A route whose body may be TOML; every check is that of the JSON that it says."""

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """As for JSON, after the body was turned into it."""
        handle = super().get_route_handler()

        async def handle_either(request: Request) -> Response:
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            return await handle(await _as_json(request) if kind == TOML else request)

        return handle_either


async def _as_json(request: Request) -> Request:
    try:
        body = orjson.dumps(tomllib.loads((await request.body()).decode()))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError, RecursionError):
        raise Refused(NOT_TOML, kind="not_toml") from None
    headers = [pair for pair in request.scope["headers"] if pair[0] != b"content-type"]
    scope = {**request.scope, "headers": [*headers, (b"content-type", b"application/json")]}

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(scope, receive)
