"""Asking a service outside by HTTP: with a time-out, a limit, no redirects, and no trust."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Final

import httpx

from baton.errors import Unavailable

ANSWER_BYTES_MAX: Final = 1024 * 1024
CONNECTIONS_MAX: Final = 50
PATIENCE_SECONDS: Final = 900.0
"""So long is somebody left alone who asks for patience and does not say for how long."""
PATIENCE_SECONDS_MAX: Final = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back, whatever it says."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Asker:
    """Asks; redirects are answers like others, since a token goes nowhere but where it belongs."""

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds

    async def ask(
        self,
        url: str,
        whom: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> Answered:
        """The answer of `whom` to a GET. Raises `Unavailable`, which says what went wrong."""
        try:
            async with asyncio.timeout(seconds or self._seconds):
                return await self._get(url, whom, query or {}, headers or {})
        except TimeoutError:
            raise Unavailable(f"{whom} did not answer in time") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(f"{whom} could not be asked: {type(error).__name__}") from None

    async def _get(
        self, url: str, whom: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answered:
        told = {"accept": "application/json", "user-agent": "baton", **headers}
        params = httpx.URL(url).params.merge(dict(query))
        async with self._client.stream("GET", url, params=params, headers=told) as response:
            body = b""
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > ANSWER_BYTES_MAX:
                    raise Unavailable(f"{whom} answered more than {ANSWER_BYTES_MAX} bytes")
            return Answered(response.status_code, response.headers, body)

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        # Made once, since reading the certificates takes longer than asking; connections are not
        # kept, since nobody would close them.
        return httpx.AsyncClient(
            timeout=None,  # noqa: S113 the whole of a question has a time-out, in `ask`
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=CONNECTIONS_MAX, max_keepalive_connections=0),
        )


def patience_of(answered: Answered, now: datetime) -> float:
    """For how many seconds somebody asks to be left alone, by `Retry-After`, within limits."""
    text = answered.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return min(max(1.0, float(text)), PATIENCE_SECONDS_MAX)
    try:
        moment = parsedate_to_datetime(text)
        seconds = (moment - now).total_seconds()
    except (ValueError, TypeError):
        return PATIENCE_SECONDS
    return min(max(1.0, seconds), PATIENCE_SECONDS_MAX)
