"""A local server that verifies captchas as Turnstile, hCaptcha and reCAPTCHA do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import orjson
from typing_extensions import override

SECRET = "desk-secret"
GOOD = "a-good-response"


@dataclass
class CaptchaDesk:
    """The desk: who asked, and whether it is open."""

    url: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    score: float | None = None
    is_broken: bool = False

    def answer(self, form: dict[str, str]) -> tuple[int, bytes]:
        """What a vendor answers: each response is good once."""
        if self.is_broken:
            return 500, b"<html>sorry</html>"
        is_new = form not in self.asked
        self.asked.append(form)
        if form.get("secret") != SECRET:
            return 200, _refusal("invalid-input-secret")
        if form.get("response") != GOOD:
            return 200, _refusal("invalid-input-response")
        if not is_new:
            return 200, _refusal("timeout-or-duplicate")
        score = {} if self.score is None else {"score": self.score}
        return 200, orjson.dumps({"success": True, "hostname": "shop.example", **score})


def _refusal(code: str) -> bytes:
    return orjson.dumps({"success": False, "error-codes": [code]})


@contextmanager
def captcha_desk() -> Iterator[CaptchaDesk]:
    """A desk on a free port of 127.0.0.1."""
    desk = CaptchaDesk()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            parsed = parse_qs(self.rfile.read(length).decode())
            status, body = desk.answer({name: values[0] for name, values in parsed.items()})
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, *_arguments: Any) -> None:
            """Nothing is to be read on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    desk.url = f"http://127.0.0.1:{server.server_address[1]}/siteverify"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
