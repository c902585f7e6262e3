"""Requests taken ahead of ASGI are answered as all others are, in whatever way they come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from baton.http.direct import DirectRequest, protocol_with

BODY_MAX = 20
HEAD = b"POST /direct HTTP/1.1\r\nhost: baton\r\n"


@dataclass
class Door:
    """Takes what it is told to, and answers when it is told to."""

    method: bytes = b"POST"
    path: bytes = b"/direct"
    bytes_max: int = BODY_MAX
    wants: bool = True
    taken: list[DirectRequest] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, request: DirectRequest) -> bool:
        if not self.wants:
            return False
        self.taken.append(request)
        self.came.set()
        return True

    async def next(self) -> DirectRequest:
        await self.came.wait()
        self.came.clear()
        return self.taken[-1]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ordinary way: says what came."""
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        said = b"%s %s %s" % (scope["method"].encode(), scope["path"].encode(), body)
        length = (b"content-length", str(len(said)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": said})


@dataclass
class Line:
    """A connection to the server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def answer(self) -> tuple[int, dict[bytes, bytes], bytes]:
        head = await self.reader.readuntil(b"\r\n\r\n")
        first, *lines = head.strip().split(b"\r\n")
        headers = dict(line.split(b": ", 1) for line in lines)
        body = await self.reader.readexactly(int(headers[b"content-length"]))
        return int(first.split(b" ")[1]), headers, body


@dataclass
class Desk:
    """A server with a door, and a line to it."""

    door: Door
    line: Line


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    door = Door()
    async with _served(door) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        yield Desk(door, Line(reader, writer))
        writer.close()


@asynccontextmanager
async def _served(door: Door) -> AsyncIterator[int]:
    config = uvicorn.Config(
        door, http=protocol_with(door), lifespan="off", log_config=None, date_header=False
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: config.http_protocol_class(  # type: ignore[call-arg]
            config=config, server_state=server.server_state, app_state={}
        ),
        "127.0.0.1",
        0,
    )
    yield listening.sockets[0].getsockname()[1]
    listening.close()


def _post(body: bytes, *lines: bytes) -> bytes:
    further = b"".join(line + b"\r\n" for line in lines)
    return HEAD + further + b"content-length: %d\r\n\r\n%s" % (len(body), body)


async def test_a_request_is_answered_in_one_piece_with_its_length(desk: Desk) -> None:
    desk.line.send(_post(b"one"))
    request = await desk.door.next()

    request.respond(202, [(b"x-request-id", b"7")], b"taken")

    status, headers, body = await desk.line.answer()
    assert (request.body, status, body) == (b"one", 202, b"taken")
    assert headers[b"x-request-id"] == b"7"


async def test_a_line_serves_one_request_after_another(desk: Desk) -> None:
    for body in (b"one", b"two"):
        desk.line.send(_post(body))
        (await desk.door.next()).respond(202, [], body)
        assert (await desk.line.answer())[2] == body


async def test_a_body_that_comes_in_pieces_is_waited_for(desk: Desk) -> None:
    whole = _post(b"one and two")

    for part in (whole[:10], whole[10:-4], whole[-4:]):
        desk.line.send(part)
        await desk.line.writer.drain()

    assert (await desk.door.next()).body == b"one and two"


async def test_a_chunked_body_is_put_together(desk: Desk) -> None:
    desk.line.send(HEAD + b"transfer-encoding: chunked\r\n\r\n3\r\none\r\n4\r\n two\r\n0\r\n\r\n")

    assert (await desk.door.next()).body == b"one two"


@pytest.mark.parametrize(
    "sent",
    [
        _post(b"x" * (BODY_MAX + 1)),
        _post(b"two", b"expect: 100-continue"),
        b"POST /direct?a=b HTTP/1.1\r\nhost: baton\r\ncontent-length: 3\r\n\r\ntwo",
        b"PUT /direct HTTP/1.1\r\nhost: baton\r\ncontent-length: 3\r\n\r\ntwo",
        b"POST /other HTTP/1.1\r\nhost: baton\r\ncontent-length: 3\r\n\r\ntwo",
    ],
)
async def test_what_is_out_of_the_ordinary_goes_the_ordinary_way(desk: Desk, sent: bytes) -> None:
    desk.line.send(sent)

    if b"expect" in sent:
        assert await desk.line.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    status, _, body = await desk.line.answer()
    assert status == 200
    assert body.endswith((b"two", b"x" * (BODY_MAX + 1)))
    assert desk.door.taken == []


async def test_what_the_door_does_not_want_goes_the_ordinary_way_whole(desk: Desk) -> None:
    desk.door.wants = False

    desk.line.send(_post(b"one"))

    assert await desk.line.answer() == (200, {b"content-length": b"16"}, b"POST /direct one")


async def test_what_is_asked_behind_a_request_is_answered_behind_it(desk: Desk) -> None:
    desk.line.send(_post(b"one") + b"POST /other HTTP/1.1\r\ncontent-length: 3\r\n\r\ntwo")
    request = await desk.door.next()

    request.respond(202, [], b"first")

    assert (await desk.line.answer())[2] == b"first"
    assert (await desk.line.answer())[2] == b"POST /other two"


async def test_a_request_behind_an_unanswered_one_goes_the_ordinary_way(desk: Desk) -> None:
    desk.line.send(_post(b"one") + _post(b"two"))
    request = await desk.door.next()

    request.respond(202, [], b"first")

    assert (await desk.line.answer())[2] == b"first"
    assert (await desk.line.answer())[2] == b"POST /direct two"
    assert len(desk.door.taken) == 1


async def test_an_application_can_answer_in_its_place(desk: Desk) -> None:
    desk.line.send(_post(b"one"))
    request = await desk.door.next()

    request.hand_on(desk.door)

    assert (await desk.line.answer())[2] == b"POST /direct one"


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
async def test_a_line_that_is_not_kept_is_closed_after_the_answer(
    desk: Desk, version: bytes
) -> None:
    sent = _post(b"one", b"connection: close").replace(b"HTTP/1.1", b"HTTP/" + version)
    desk.line.send(sent)

    (await desk.door.next()).respond(202, [], b"taken")

    _, headers, _ = await desk.line.answer()
    assert headers[b"connection"] == b"close"
    assert await desk.line.reader.read() == b""


async def test_an_answer_to_somebody_who_has_gone_is_dropped(desk: Desk) -> None:
    desk.line.send(_post(b"one"))
    request = await desk.door.next()

    desk.line.writer.transport.abort()
    while not request.protocol.transport.is_closing():
        await asyncio.get_running_loop().run_in_executor(None, lambda: None)

    request.respond(202, [], b"taken")
    request.hand_on(desk.door)

    assert not request.response_complete
