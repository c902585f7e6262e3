"""Times as vendors write them, as RFC 3339 with a zone."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from marketing_intake.reading.findings import Unreadable

YEAR_MAX: Final = 9000
"""Far from the end of what a datetime holds, so that a change of zone can't leave it."""


def seconds_in(document: Mapping[str, Any], name: str) -> str:
    """The seconds since 1970 under a name, a number or its digits. Raises `Unreadable`."""
    value = document.get(name)
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 15:
        value = int(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            moment = datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            moment = datetime.max.replace(tzinfo=UTC)
        if moment.year <= YEAR_MAX:
            return moment.isoformat()
    raise Unreadable(f"{name} must be a time in seconds since 1970", name)


def zoned_in(document: Mapping[str, Any], name: str) -> str | None:
    """The time with a zone (RFC 3339) under a name; None when there is none.

    Raises `Unreadable` when what is there is none.
    """
    value = document.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value[:40])
        except ValueError:
            moment = datetime.min  # noqa: DTZ901 it has no zone, and is refused for that
        if moment.tzinfo is not None and 1 < moment.year <= YEAR_MAX:
            return moment.isoformat()
    raise Unreadable(f"{name} must be a time with a zone (RFC 3339)", name)


def utc_text(text: str, name: str) -> str:
    """A time written as `2026-03-02 09:29:00`, which is UTC without saying so.

    Raises `Unreadable`, naming it.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).isoformat()
    except ValueError:
        raise Unreadable(f"{name} must be a time such as 2026-03-02 09:29:00", name) from None
