"""What bodies may be: everywhere, and on the paths that have a rule of their own."""

from collections.abc import AsyncIterator

import httpx
import pytest
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from baton.http.context import RequestContext
from baton.http.limits import BodyLimits, BodyRule

RULES = (
    BodyRule("/v1/mails", types=("message/rfc822",)),
    BodyRule("/v1/files", types=None, bytes_max=100),
    BodyRule("/hooks", bytes_max=30),
)


async def read(request: Request) -> PlainTextResponse:
    """Answer with the body's length."""
    return PlainTextResponse(str(len(await request.body())))


async def status(path: str, body: bytes, content_type: str, *, is_chunked: bool = False) -> int:
    """What a body is answered on a path."""
    app = Starlette(routes=[Route("/{rest:path}", read, methods=["POST"])])
    limited = RequestContext(BodyLimits(app, 20, RULES), CollectorRegistry())
    transport = httpx.ASGITransport(app=limited)

    async def chunks() -> AsyncIterator[bytes]:
        yield body[:5]
        yield body[5:]

    content = chunks() if is_chunked else body
    async with httpx.AsyncClient(transport=transport, base_url="http://door.test") as client:
        answer = await client.post(path, content=content, headers={"content-type": content_type})
    return answer.status_code


@pytest.mark.parametrize(
    ("path", "length", "content_type", "expected"),
    [
        ("/v1/leads", 20, "application/json", 200),
        ("/v1/leads", 21, "application/json", 413),
        ("/v1/leads", 5, "message/rfc822", 415),
        ("/v1/mails", 5, "message/rfc822", 200),
        ("/v1/mails", 5, "application/json", 200),
        ("/v1/mails", 5, "text/csv", 415),
        ("/v1/mailsmore", 5, "message/rfc822", 415),
        ("/v1/mails", 21, "message/rfc822", 413),
        ("/v1/files", 100, "text/csv", 200),
        ("/v1/files/one/rows", 100, "text/csv", 200),
        ("/v1/files", 101, "text/csv", 413),
        ("/hooks/a/b", 30, "multipart/form-data", 200),
        ("/hooks/a/b", 31, "multipart/form-data", 413),
    ],
)
@pytest.mark.parametrize("is_chunked", [False, True])
async def test_a_body_is_what_its_path_allows(
    path: str, length: int, content_type: str, expected: int, is_chunked: bool
) -> None:
    found = await status(path, b"x" * length, content_type, is_chunked=is_chunked)

    assert found == expected
