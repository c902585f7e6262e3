"""Waiting for a fact instead of for seconds."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
LOOK_EVERY_SECONDS = 0.05


async def eventually(
    look: Callable[[], Awaitable[T]],
    is_so: Callable[[T], bool] = bool,
    *,
    seconds_max: float = 20.0,
) -> T:
    """Look again and again until it is so; fails with what was seen last."""
    deadline = asyncio.get_running_loop().time() + seconds_max
    while True:
        seen = await look()
        if is_so(seen):
            return seen
        assert asyncio.get_running_loop().time() < deadline, f"it never came true; last: {seen!r}"
        await asyncio.wait_for(asyncio.shield(_tick()), 1)


async def _tick() -> None:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[None] = loop.create_future()
    loop.call_later(LOOK_EVERY_SECONDS, future.set_result, None)
    await future
