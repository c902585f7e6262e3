"""The span of time that a report is about, and the day from which it looks back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` (included) to `until` (not); None leaves an end open.

    A report as of a day counts what had happened by that day's end, in UTC. It goes by when things
    happened and not by when we heard of them, so that history that is told late is in its place.
    """

    since: datetime | None = None
    until: datetime | None = None
    as_of: date | None = None

    @property
    def known_until(self) -> datetime | None:
        """Before when a thing must have happened to be known on the day that is asked for."""
        if self.as_of is None:
            return None
        return datetime.combine(self.as_of, time(), UTC) + timedelta(days=1)

    @property
    def end(self) -> datetime | None:
        """The earlier of the period's end and the end of what is known."""
        ends = [one for one in (self.until, self.known_until) if one is not None]
        return min(ends, default=None)

    def holds(self, at: datetime) -> bool:
        """Whether what happened then is counted."""
        end = self.end
        return (self.since is None or self.since <= at) and (end is None or at < end)
