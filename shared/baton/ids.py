"""Ids: time-ordered ones for what an outside cause made, derived ones for what an event made."""

import os
import time
import uuid
from datetime import datetime
from functools import lru_cache
from hashlib import sha1
from typing import Final

NAMESPACE: Final = uuid.UUID("6f1c3f2e-6a0b-5f0e-9d53-0ba704000001")
"""Baton's own UUIDv5 namespace. It never changes: derived ids must come out the same for ever."""

NAMESPACE_BYTES: Final = NAMESPACE.bytes
VARIANTS: Final = "89ab"
RANDOM_CHARACTERS: Final = 20
POOL_IDS: Final = 512

_pool: list[str] = []
os.register_at_fork(after_in_child=_pool.clear)  # two processes must not share randomness


def new_id() -> str:
    """A UUIDv7 as text (RFC 9562 5.7): 48 bits of milliseconds, then 74 random bits."""
    return _time_half(time.time_ns() // 1_000_000) + (_pool or _fill_pool()).pop()


@lru_cache(maxsize=1)
def _time_half(milliseconds: int) -> str:
    text = f"{milliseconds:012x}"
    return f"{text[:8]}-{text[8:]}-7"


def _fill_pool() -> list[str]:
    """Random halves for many ids at a time: asking the system costs more than all the rest."""
    text = os.urandom(POOL_IDS * RANDOM_CHARACTERS // 2).hex()
    for start in range(0, len(text), RANDOM_CHARACTERS):
        own = text[start : start + RANDOM_CHARACTERS]
        variant = VARIANTS[int(own[0], 16) & 3]
        _pool.append(f"{own[1:4]}-{variant}{own[4:7]}-{own[7:19]}")
    return _pool


def first_id_of(moment: datetime) -> str:
    """The least UUIDv7 of a moment: what `new_id` made before it is less, what comes after more."""
    milliseconds = int(moment.timestamp() * 1000)
    return f"{_time_half(milliseconds)}000-8000-000000000000"


def derived_id(cause_id: str, name: str, ordinal: int = 0) -> str:
    """A UUIDv5 of the cause: whatever is done again says the same id again."""
    # As `uuid.uuid5` does it (RFC 9562 5.5), without making an object of it.
    digest = sha1(NAMESPACE_BYTES + f"{cause_id}/{name}/{ordinal}".encode(), usedforsecurity=False)
    text = digest.hexdigest()
    variant = VARIANTS[int(text[16], 16) & 3]
    return f"{text[:8]}-{text[8:12]}-5{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"
