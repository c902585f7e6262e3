"""A client that does not give up: it asks again until somebody answers."""

import asyncio
from typing import Any, Final

import httpx

AWAY: Final = frozenset({429, 500, 502, 503, 504})
AGAIN_AFTER_SECONDS: Final = 0.1
ATTEMPTS_MAX: Final = 1200


async def ask(client: httpx.AsyncClient, method: str, path: str, **options: Any) -> httpx.Response:
    """The answer, when it is a word about the request and not about an outage.

    It may be the answer to a repetition: the one before may have been heard, and not answered.
    """
    for _ in range(ATTEMPTS_MAX):
        answer = await ask_once(client, method, path, **options)
        if answer is not None:
            return answer
        await asyncio.sleep(AGAIN_AFTER_SECONDS)
    raise AssertionError(f"{method} {path} was not answered at all")


async def ask_once(
    client: httpx.AsyncClient, method: str, path: str, **options: Any
) -> httpx.Response | None:
    """The answer, or None when there was none, or none but of an outage."""
    try:
        answer = await client.request(method, path, **options)
    except httpx.TransportError:
        return None
    return None if answer.status_code in AWAY else answer
