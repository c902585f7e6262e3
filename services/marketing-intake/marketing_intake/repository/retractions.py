"""Retractions as they are kept: what may be taken back, what was, and what it changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.vocabulary import ActivityKind, Suspicion
from baton.database import Reader, columns_of
from baton.transaction import Transaction
from marketing_intake.tables import RetractionEffectRow, RetractionRow

CLICKS_MAX: Final = 500
"""Clicks of one person on one message that are looked at with a new one; who has more of them
within seconds has been found out before."""
CLICKS_SQL: Final = """
select n.place, a.id, a.happened_at, a.url, a.is_settled
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[])
  with ordinality as n (person_id, source_id, message_id, since, until, place)
cross join lateral (
  select a.id, a.happened_at, a.details ->> 'url' as url,
    a.suspicion is not null or exists (select from retractions r where r.activity_id = a.id)
    as is_settled
  from activities a
  where a.person_id = n.person_id and a.happened_at between n.since and n.until
    and a.source_id = n.source_id and a.message_id = n.message_id and a.kind = 'email_clicked'
    and a.details ->> 'url' is not null
  order by a.happened_at limit $6
) a
"""
ACTIVITY_SQL: Final = "select person_id, kind, suspicion from activities where id = $1"
IS_RETRACTED_SQL: Final = "select exists (select from retractions where activity_id = $1)"
SUSPECT_SQL: Final = """
update activities a set suspicion = n.suspicion
from unnest($1::uuid[], $2::text[]) as n (id, suspicion) where a.id = n.id
"""
ANY_SQL: Final = "select exists (select from retractions)"
CAUSES_SQL: Final = """
select event_id as cause, event_id as retraction_id from retractions
where event_id = any ($1::uuid[])
union all
select correlation_id, event_id from retractions where correlation_id = any ($2::uuid[])
"""
COLUMNS: Final = (
    *("activity_id", "event_id", "correlation_id", "person_id", "suspicion"),
    *("reason", "who", "retracted_at"),
)
EFFECT_COLUMNS: Final = (
    *("event_id", "retraction_id", "type", "lead_id", "prospect_id"),
    *("happened_at", "heard_at"),
)
NOTHING_TWICE: Final = "on conflict (event_id) do nothing"


class Message(NamedTuple):
    """A message as one person has it."""

    person_id: str
    source_id: str
    message_id: str


Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class RecordedClick:
    """A click that was recorded before; it is settled when it is held to be a machine's already."""

    id: str
    url: str
    happened_at: datetime
    is_settled: bool


@dataclass(frozen=True, slots=True)
class RecordedActivity:
    """An activity that may be taken back."""

    id: str
    person_id: str
    kind: ActivityKind
    suspicion: Suspicion | None = None


@dataclass(frozen=True, slots=True)
class Retraction:
    """An activity that is taken back, and the fact that says so."""

    activity: RecordedActivity
    event: Event[Fact]
    who: str
    suspicion: Suspicion | None = None
    reason: str | None = None


async def clicks_near(
    reader: Reader, spans: Mapping[Message, Span]
) -> dict[Message, list[RecordedClick]]:
    """What was clicked on each of these messages in its span of time."""
    messages = list(spans)
    keys = [(*message, *spans[message]) for message in messages]
    found: dict[Message, list[RecordedClick]] = {}
    for row in await reader.fetch(CLICKS_SQL, *columns_of(keys, 5), CLICKS_MAX):
        click = RecordedClick(row["id"], row["url"], row["happened_at"], row["is_settled"])
        found.setdefault(messages[row["place"] - 1], []).append(click)
    return found


async def find_activity(reader: Reader, activity_id: str) -> RecordedActivity | None:
    """One activity; lock its person before it is taken back."""
    row = await reader.fetchrow(ACTIVITY_SQL, activity_id)
    if row is None:
        return None
    suspicion = row["suspicion"] and Suspicion(row["suspicion"])
    return RecordedActivity(activity_id, row["person_id"], ActivityKind(row["kind"]), suspicion)


async def is_retracted(reader: Reader, activity_id: str) -> bool:
    """Whether an activity was taken back before."""
    found: bool = await reader.fetchval(IS_RETRACTED_SQL, activity_id)
    return found


async def save(tx: Transaction, retractions: Sequence[Retraction]) -> None:
    """Keep retractions; what a rule found is from now on held to be a machine's."""
    rows = [
        (
            *(one.activity.id, one.event.id, one.event.correlation_id, one.activity.person_id),
            *(one.suspicion, one.reason, one.who, tx.now),
        )
        for one in retractions
    ]
    await tx.insert(RetractionRow, COLUMNS, rows)
    suspected = [(one.activity.id, one.suspicion) for one in retractions if one.suspicion]
    if suspected:
        await tx.execute(SUSPECT_SQL, *columns_of(suspected, 2))


async def causes(
    reader: Reader, event_ids: Collection[str], correlation_ids: Collection[str]
) -> dict[str, str]:
    """The retractions whose facts or whose stories these are: id or correlation → retraction.

    Where nothing was ever retracted, that is all that is asked.
    """
    if not await reader.fetchval(ANY_SQL):
        return {}
    rows = await reader.fetch(CAUSES_SQL, list(event_ids), list(correlation_ids))
    return {row["cause"]: row["retraction_id"] for row in rows}


async def save_effects(tx: Transaction, effects: Sequence[tuple[str, Event[Fact]]]) -> None:
    """Keep what was said because of retractions, each once."""
    rows = [
        (
            *(event.id, retraction_id, event.type),
            *(getattr(event.data, name, None) for name in ("lead_id", "prospect_id")),
            *(event.happened_at, tx.now),
        )
        for retraction_id, event in effects
    ]
    await tx.insert(RetractionEffectRow, EFFECT_COLUMNS, rows, NOTHING_TWICE)
