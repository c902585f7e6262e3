"""Ids: time-ordered ones for what an outside cause made, derived ones for what an event made."""

import os
import time
import uuid
from typing import Final

NAMESPACE: Final = uuid.UUID("6f1c3f2e-6a0b-5f0e-9d53-0ba704000001")
"""Baton's own UUIDv5 namespace. It never changes: derived ids must come out the same for ever."""


def new_id() -> str:
    """A UUIDv7 as text (RFC 9562 5.7): 48 bits of milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(os.urandom(10), "big")
    value = (
        (milliseconds << 80)
        | (7 << 76)
        | ((random_bits >> 68) << 64)
        | (2 << 62)
        | (random_bits & 0x3FFF_FFFF_FFFF_FFFF)
    )
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def derived_id(cause_id: str, name: str, ordinal: int = 0) -> str:
    """A UUIDv5 of the cause: whatever is done again says the same id again."""
    return str(uuid.uuid5(NAMESPACE, f"{cause_id}/{name}/{ordinal}"))
