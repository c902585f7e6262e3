"""A local server that behaves as the outside does: well, slowly, wrongly, or impatiently."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from typing_extensions import override

TOKEN = "EAAB-a-page-token"


@dataclass(frozen=True)
class Asked:
    """A question as it came."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What is answered; `body` is a document, or bytes as they are."""

    status: int = 200
    body: object = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)

    def bytes(self) -> bytes:
        """The body as it goes."""
        return self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)


@dataclass
class GraphServer:
    """What there is under each path; without a token nobody is told, as with the vendors.

    A path in `slow` is not answered until the server closes; `always` is said whatever is asked.
    """

    url: str = ""
    token: str = TOKEN
    answers: dict[str, Answer] = field(default_factory=dict)
    always: Answer | None = None
    slow: set[str] = field(default_factory=set)
    asked: list[Asked] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def answer(self, asked: Asked) -> Answer:
        """What is answered to a question."""
        self.asked.append(asked)
        if asked.path in self.slow:
            self.closing.wait(30)
        if self.always is not None:
            return self.always
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return Answer(401, graph_error(190))
        return self.answers.get(asked.path, Answer(404, graph_error(100)))


def graph_error(code: int, **more: object) -> dict[str, Any]:
    """An error as the Graph API words it."""
    return {
        "error": {"message": "ada@crumpet.example", "type": "OAuthException", "code": code, **more}
    }


@contextmanager
def graph_server() -> Iterator[GraphServer]:
    """A server on a free port of 127.0.0.1."""
    graph = GraphServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = graph.answer(Asked(parts.path, dict(parse_qsl(parts.query)), headers))
            body = answer.bytes()
            try:
                self.send_response(answer.status)
                for name, value in {"content-length": str(len(body)), **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # who asked has lost patience

        @override
        def log_message(self, *_arguments: Any) -> None:
            """Nothing is to be read on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    graph.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield graph
    finally:
        graph.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
