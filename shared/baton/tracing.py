"""W3C trace context: one trace from the first request to the last event."""

import re
from typing import Final

from baton.ids import new_id

TRACEPARENT: Final = re.compile(r"^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$")
NO_TRACE: Final = "0" * 32
NO_SPAN: Final = "0" * 16


def child_of(traceparent: str | None) -> str:
    """A new span of the given trace, or of a new one when there is none or it is malformed."""
    fresh = new_id().replace("-", "")
    span = fresh[16:]
    match = TRACEPARENT.match(traceparent) if traceparent else None
    if match is None or match[1] == NO_TRACE or match[2] == NO_SPAN:
        return f"00-{fresh}-{span}-01"
    return f"00-{match[1]}-{span}-{match[3]}"
