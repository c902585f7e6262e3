"""An event as services hand it to each other, and as it travels: CloudEvents 1.0, binary mode."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, Generic, NamedTuple, TypeVar

from pydantic import ValidationError

from baton.contracts.fact import Fact
from baton.contracts.topics import FACT_OF

CONTENT_TYPE: Final = "application/json"
SPEC_VERSION: Final = "1.0"

D_co = TypeVar("D_co", bound=Fact, covariant=True)


class Unreadable(ValueError):
    """The record is not an event of ours. The message names the attribute, never its value."""


class Event(NamedTuple, Generic[D_co]):
    """A fact with its envelope; a tuple, since every service makes them by the thousand.

    `happened_at` is when it happened in the world (`ce_time`; scores, decay and reports use it);
    `recorded_at` is when Baton recorded it (deadlines and latency are measured from it).
    """

    id: str
    type: str
    source: str
    key: str
    subject: str
    data: D_co
    happened_at: datetime
    recorded_at: datetime
    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The end of what a compacted topic held under a key."""

    id: str
    type: str
    key: str
    correlation_id: str
    recorded_at: datetime


@lru_cache(maxsize=1024)
def instant_text(instant: datetime) -> str:
    """RFC 3339 in UTC with microseconds."""
    in_utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return in_utc.isoformat()[: -len("+00:00")] + "Z"


def headers_of(event: Event[Fact]) -> dict[str, str]:
    """The Kafka headers of an event in CloudEvents binary mode."""
    headers = {
        "content-type": CONTENT_TYPE,
        "ce_specversion": SPEC_VERSION,
        "ce_id": event.id,
        "ce_type": event.type,
        "ce_source": event.source,
        "ce_subject": event.subject,
        "ce_time": instant_text(event.happened_at),
        "ce_recordedtime": instant_text(event.recorded_at),
        "ce_correlationid": event.correlation_id,
    }
    if event.causation_id is not None:
        headers["ce_causationid"] = event.causation_id
    if event.traceparent is not None:
        headers["traceparent"] = event.traceparent
    return headers


def read_event(
    key: str, value: bytes | None, headers: Mapping[str, str]
) -> Event[Fact] | Tombstone | None:
    """Make an event of a record's parts; None for a type that this version does not know.

    Raises `Unreadable` when the record breaks the contract of a type that it does know.
    """
    fact = FACT_OF.get(_attribute(headers, "ce_type"))
    if fact is None:
        return None
    if value is None:
        return Tombstone(
            id=_attribute(headers, "ce_id"),
            type=headers["ce_type"],
            key=key,
            correlation_id=_attribute(headers, "ce_correlationid"),
            recorded_at=_instant(headers, "ce_recordedtime"),
        )
    return Event(
        id=_attribute(headers, "ce_id"),
        type=headers["ce_type"],
        source=_attribute(headers, "ce_source"),
        key=key,
        subject=_attribute(headers, "ce_subject"),
        data=_data(fact, value),
        happened_at=_instant(headers, "ce_time"),
        recorded_at=_instant(headers, "ce_recordedtime"),
        correlation_id=_attribute(headers, "ce_correlationid"),
        causation_id=headers.get("ce_causationid"),
        traceparent=headers.get("traceparent"),
    )


def _data(fact: type[Fact], value: bytes) -> Fact:
    try:
        return fact.model_validate_json(value)
    except ValidationError as error:
        fields = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
            for problem in error.errors(include_url=False, include_input=False)[:5]
        )
        raise Unreadable(f"{fact.__name__}: {fields}") from None


def _attribute(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name)
    if not value:
        raise Unreadable(f"the header {name} is missing")
    return value


def _instant(headers: Mapping[str, str], name: str) -> datetime:
    try:
        instant = datetime.fromisoformat(_attribute(headers, name))
    except ValueError:
        raise Unreadable(f"the header {name} is not an RFC 3339 instant") from None
    if instant.tzinfo is None:
        raise Unreadable(f"the header {name} has no time zone")
    return instant
