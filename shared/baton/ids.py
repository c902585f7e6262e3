"""Ids: time-ordered ones for what an outside cause made, derived ones for what an event made."""

import os
import time
import uuid
from typing import Final

NAMESPACE: Final = uuid.UUID("6f1c3f2e-6a0b-5f0e-9d53-0ba704000001")
"""Baton's own UUIDv5 namespace. It never changes: derived ids must come out the same for ever."""

VARIANTS: Final = "89ab"
RANDOM_CHARACTERS: Final = 20
POOL_IDS: Final = 256

_pool: list[str] = []
os.register_at_fork(after_in_child=_pool.clear)  # two processes must not share randomness


def new_id() -> str:
    """A UUIDv7 as text (RFC 9562 5.7): 48 bits of milliseconds, then 74 random bits."""
    time_text = f"{time.time_ns() // 1_000_000:012x}"
    random_text = _random_hexadecimals()
    variant = VARIANTS[int(random_text[0], 16) & 3]
    return (
        f"{time_text[:8]}-{time_text[8:]}-7{random_text[1:4]}-"
        f"{variant}{random_text[4:7]}-{random_text[7:19]}"
    )


def _random_hexadecimals() -> str:
    """Randomness of the system, fetched for many ids at a time: the call costs more than the id."""
    if not _pool:
        text = os.urandom(POOL_IDS * RANDOM_CHARACTERS // 2).hex()
        _pool.extend(
            text[start : start + RANDOM_CHARACTERS]
            for start in range(0, len(text), RANDOM_CHARACTERS)
        )
    return _pool.pop()


def derived_id(cause_id: str, name: str, ordinal: int = 0) -> str:
    """A UUIDv5 of the cause: whatever is done again says the same id again."""
    return str(uuid.uuid5(NAMESPACE, f"{cause_id}/{name}/{ordinal}"))
