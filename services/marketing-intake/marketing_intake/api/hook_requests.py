"""A vendor's request as its file wants it, and the few ways in which it is turned away."""

from datetime import timedelta
from typing import Final

import structlog
from fastapi import Request

from baton.http.problems import ProblemResponse
from baton.transactions import Transactions
from marketing_intake import metrics
from marketing_intake.handlers.hooks import SAMPLE_BYTES_MAX, Stray, keep_stray
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.shape import Vendor

HEADERS_MAX: Final = 30
HEADER_CHARACTERS_MAX: Final = 1000
CONTENT_TYPE_CHARACTERS_MAX: Final = 200
FULL_FOR: Final = timedelta(minutes=1)
SOURCES_MAX: Final = 10_000

log = structlog.get_logger()


class TooLarge(Exception):
    """More came than this vendor ever sends; `beginning` is what was read of it."""

    def __init__(self, beginning: bytes, body_bytes: int) -> None:
        super().__init__("the body is too large")
        self.beginning = beginning
        self.body_bytes = body_bytes


async def raw_of(request: Request, bytes_max: int, public_url: str) -> Raw:
    """The request, with its bytes as they came. Raises `TooLarge`."""
    return Raw(
        body=await _read(request, bytes_max),
        content_type=request.headers.get("content-type", "")[:CONTENT_TYPE_CHARACTERS_MAX],
        headers={name: ",".join(request.headers.getlist(name)) for name in request.headers},
        query=dict(request.query_params),
        method=request.method,
        url=_url(request, public_url),
    )


def kept_headers(raw: Raw, vendor: Vendor) -> dict[str, str] | None:
    """The few headers without which the body can't be read again, or None."""
    kept = {
        name: value[:HEADER_CHARACTERS_MAX]
        for name, value in raw.headers.items()
        if any(_is_meant(name, wanted) for wanted in vendor.kept_headers)
    }
    return dict(list(kept.items())[:HEADERS_MAX]) or None


class Strays:
    """Keeps a sample of what was turned away; a flood of it costs a look-up a minute."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._full: dict[str, object] = {}

    async def keep(self, stray: Stray) -> None:
        """Log it without what it holds, and keep its beginning. Raises `Unavailable`."""
        log.warning(
            "hook_turned_away",
            source_id=stray.source_id,
            vendor=stray.component,
            reason=stray.reason,
            bytes=stray.body_bytes,
        )
        now = self._transactions.clock.now()
        full_until = self._full.get(stray.source_id)
        if full_until is not None and full_until > now:  # type: ignore[operator]  # both are moments
            return
        async with self._transactions.begin() as tx:
            is_kept = await keep_stray(stray, tx)
        if not is_kept:
            if len(self._full) >= SOURCES_MAX:
                self._full.clear()
            self._full[stray.source_id] = now + FULL_FOR


def unverified(request: Request, vendor: Vendor) -> ProblemResponse:
    """The one answer to whatever is not from whom it says; it does not tell why."""
    metrics.HOOKS.labels(vendor.name, "unverified").inc()
    detail = "the request can't be verified as this source's"
    return ProblemResponse(request, 401, detail, kind="unverified")


def too_large(request: Request, vendor: Vendor) -> ProblemResponse:
    """The answer to more than the vendor ever sends."""
    metrics.HOOKS.labels(vendor.name, "too_large").inc()
    detail = f"the body must have at most {vendor.body_bytes_max} bytes"
    return ProblemResponse(request, 413, detail)


def spent(request: Request, vendor: Vendor) -> ProblemResponse:
    """The answer to a token that is played again with another body: not to be sent again."""
    metrics.HOOKS.labels(vendor.name, "spent").inc()
    detail = "the token of this request came before, with another body"
    return ProblemResponse(request, 406, detail, kind="replayed-token")


def _url(request: Request, public_url: str) -> str:
    scope = request.scope
    path = scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0]
    query = scope.get("query_string", b"").decode("latin-1")
    base = public_url.rstrip("/") or f"{request.url.scheme}://{request.url.netloc}"
    return f"{base}{path}?{query}" if query else f"{base}{path}"


async def _read(request: Request, bytes_max: int) -> bytes:
    header = request.headers.get("content-length", "0")
    said = int(header) if header.isdigit() else 0
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        total = max(said, len(body))
        if total > bytes_max and len(body) >= SAMPLE_BYTES_MAX:
            raise TooLarge(bytes(body[:SAMPLE_BYTES_MAX]), total)
    return bytes(body)


def _is_meant(name: str, wanted: str) -> bool:
    return name.startswith(wanted) if wanted.endswith("-") else name == wanted
