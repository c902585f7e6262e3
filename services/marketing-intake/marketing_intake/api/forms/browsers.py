"""What browsers say of themselves, and what they are told about other sites' pages (CORS)."""

import hashlib
import hmac
import ipaddress
from collections.abc import Awaitable
from contextlib import suppress
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Path, Request
from fastapi.responses import Response

from baton.errors import Forbidden
from baton.http.problems import HANDLERS
from baton.settings import ServiceSettings
from marketing_intake.domain.form import Form

FormKey = Annotated[str, Path(max_length=100, pattern="^[A-Za-z0-9_]+$")]
PREFLIGHT_SECONDS: Final = "600"
EXPECTED: Final = {kind: one for kind, one in HANDLERS.items() if kind is not Exception}
IPV6_BITS: Final = 64
"""Who has one IPv6 address has all of its network."""


def cors_headers(request: Request, form: Form) -> dict[str, str]:
    """Let a listed page read the answer; any other page is told nothing."""
    headers = {"vary": "Origin"}
    origin = request.headers.get("origin", "").lower()
    if origin in form.origins:
        # As it came: browsers compare letter by letter.
        headers["access-control-allow-origin"] = request.headers["origin"]
    return headers


def preflight_headers(request: Request, form: Form) -> dict[str, str]:
    """What a listed page may send by script. Raises `Forbidden` for any other."""
    headers = cors_headers(request, form)
    if "access-control-allow-origin" not in headers:
        raise Forbidden("this page's origin is not listed for the form", "origin")
    return headers | {
        "access-control-allow-methods": "GET, POST, OPTIONS",
        "access-control-allow-headers": "content-type, accept",
        "access-control-max-age": PREFLIGHT_SECONDS,
    }


def check_origin(request: Request, form: Form) -> None:
    """A browser says from which page a form was sent. Raises `Forbidden` when it is not listed."""
    origin = request.headers.get("origin")
    if origin is None or not form.origins:
        return
    is_own = urlsplit(origin).netloc == request.headers.get("host", "")
    if not is_own and origin.lower() not in form.origins:
        raise Forbidden("this page's origin is not listed for the form", "origin")


async def readable(request: Request, form: Form, making: Awaitable[Response]) -> Response:
    """The answer, or the problem that came instead, so that a listed page may read either."""
    try:
        response = await making
    except Exception as error:
        handler = next((one for kind, one in EXPECTED.items() if isinstance(error, kind)), None)
        if handler is None:
            raise
        response = await handler(request, error)
    response.headers.update(cors_headers(request, form))
    return response


def hashed_address(request: Request, settings: ServiceSettings, hops: int) -> bytes:
    """Who sends, as something that can be counted and not be read.

    Behind our own proxies it is the address that the outermost of them saw.
    """
    seen = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",")]
    peer = request.client.host if request.client is not None else ""
    text = seen[-hops] if 0 < hops <= len(seen) else peer
    with suppress(ValueError):
        address = ipaddress.ip_address(text)
        if address.version == 6:
            text = str(ipaddress.ip_network((text, IPV6_BITS), strict=False))
    secret = settings.secret.get_secret_value().encode()
    return hmac.new(secret, b"address\0" + text.encode(), hashlib.sha256).digest()[:16]


def own_address(request: Request, settings: ServiceSettings) -> str:
    """How browsers reach us: what the settings say, or else what this one has used."""
    return (settings.public_url or str(request.base_url)).rstrip("/")
