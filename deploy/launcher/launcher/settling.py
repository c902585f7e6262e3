"""Waiting until everything that was sent has come to rest, and looking at the books."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

from launcher.clients import Services, WrongAnswer, metric, send

LOOK_EVERY_SECONDS: Final = 0.2
ON_THE_WAY: Final = ("captured", "qualified")
BOOKS_SECONDS_MAX: Final = 30.0


async def settled(services: Services, moving: Sequence[str], *, seconds_max: float) -> bool:
    """Wait until intake has no lead in a state that moves by itself; False when time is over."""
    deadline = asyncio.get_running_loop().time() + seconds_max
    while asyncio.get_running_loop().time() < deadline:
        pages = [
            await send(services.intake, "GET", "/v1/leads", params={"state": state, "limit": 1})
            for state in moving
        ]
        if not any(page["items"] for page in pages):
            return True
        await asyncio.sleep(LOOK_EVERY_SECONDS)  # noqa: TID251 nothing tells when it is over
    return False


async def unaccounted(services: Services) -> int:
    """What the three services' books miss, closed after this moment. Raises `WrongAnswer`."""
    since = time.time()
    deadline = asyncio.get_running_loop().time() + BOOKS_SECONDS_MAX
    total = 0.0
    for name, client in services.all().items():
        while await metric(client, "baton_books_closed_timestamp_seconds") < since:
            if asyncio.get_running_loop().time() > deadline:
                raise WrongAnswer(f"{name} does not close its books")
            await asyncio.sleep(LOOK_EVERY_SECONDS)  # noqa: TID251 as above
        total += await metric(client, "baton_leads_unaccounted")
    return int(total)


async def verify_receipts(services: Services) -> tuple[int, int]:
    """Make every decision again from its facts; returns how many were checked, and differ."""
    checked = different = 0
    cursor: str | None = None
    while True:
        params = {} if cursor is None else {"cursor": cursor}
        page = await send(services.scoring, "GET", "/v1/receipts/verify", params=params)
        checked += page["checked"]
        different += page["different"]
        cursor = page["next_cursor"]
        if cursor is None:
            return checked, different
