"""Conservation: what was received equals what rows say became of it, checked all the time.

*On the way* is never the remainder. Evidence is counted in the transaction of what it proves
(tallies), what is not published lies in the outbox, what is set aside lies in the park; rows and
evidence are compared in one snapshot, so that one row deleted by hand shows.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from baton.contracts.fact import Fact
from baton.contracts.topics import EVENT_TYPE_OF
from baton.contracts.vocabulary import LeadState
from baton.database import Reader

TALLIES_SQL: Final = "select name, sum(count)::bigint as count from tallies group by name"
OUTBOX_SQL: Final = "select type, count(*) as count from outbox group by type"
PARKED_SQL: Final = "select status, count(*) as count from parked group by status"
OUTBOX_AGE_SQL: Final = "select extract(epoch from now() - min(created_at))::float8 from outbox"


@dataclass(frozen=True, slots=True)
class Census:
    """What a service's own rows say.

    `received` is the evidence of arrival, `leads` the rows by state, `besides` the rows of what
    arrived and is no lead, `said` how many events of each type the rows say must have been said.
    """

    received: int
    leads: Mapping[LeadState, int]
    said: Mapping[type[Fact], int] = field(default_factory=dict)
    besides: int = 0


@dataclass(frozen=True, slots=True)
class Balance:
    """A service's books at one moment."""

    census: Census
    outbox: Mapping[str, int]
    published: Mapping[str, int]
    parked: Mapping[str, int]
    outbox_age_seconds: float

    def unaccounted(self) -> int:
        """How many leads or facts rows and evidence disagree about; 0 when nothing is amiss."""
        found = sum(self.census.leads.values()) + self.census.besides
        return abs(self.census.received - found) + sum(
            abs(self._unsaid(fact)) for fact in self.census.said
        )

    def _unsaid(self, fact: type[Fact]) -> int:
        type_ = EVENT_TYPE_OF[fact]
        return self.census.said[fact] - self.outbox.get(type_, 0) - self.published.get(type_, 0)


CensusTaker = Callable[[Reader], Awaitable[Census]]


async def tally(reader: Reader, name: str) -> int:
    """One tally's count, over all slots."""
    sql = "select coalesce(sum(count), 0)::bigint from tallies where name = $1"
    count: int = await reader.fetchval(sql, name)
    return count


async def heard(reader: Reader, fact: type[Fact]) -> int:
    """How many events of this type have been handled here."""
    return await tally(reader, f"heard:{EVENT_TYPE_OF[fact]}")


async def balance(reader: Reader, take_census: CensusTaker) -> Balance:
    """Close the books. `reader` must be one snapshot, or what moves meanwhile looks amiss."""
    census = await take_census(reader)
    tallies = {row["name"]: row["count"] for row in await reader.fetch(TALLIES_SQL)}
    outbox = {row["type"]: row["count"] for row in await reader.fetch(OUTBOX_SQL)}
    parked = {row["status"]: row["count"] for row in await reader.fetch(PARKED_SQL)}
    age = await reader.fetchval(OUTBOX_AGE_SQL)
    return Balance(
        census=census,
        outbox=outbox,
        published={
            name.removeprefix("published:"): count
            for name, count in tallies.items()
            if name.startswith("published:")
        },
        parked=parked,
        outbox_age_seconds=max(0.0, age or 0.0),
    )
