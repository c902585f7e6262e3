"""Facts and records that tests speak with; obviously invented."""

from datetime import UTC, datetime

from baton.contracts.envelope import Event, headers_of
from baton.contracts.fact import Fact
from baton.contracts.marketing import LeadCaptured
from baton.contracts.topics import EVENT_TYPE_OF, TOPIC_OF
from baton.ids import new_id
from baton.messaging.record import Record

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def a_lead_captured(person_id: str | None = None, **changes: object) -> LeadCaptured:
    """A lead of somebody nobody knows."""
    values: dict[str, object] = {
        "lead_id": new_id(),
        "person_id": person_id or new_id(),
        "source_id": new_id(),
        "received_at": NOON,
    }
    return LeadCaptured.model_validate(values | changes)


def an_event(data: Fact, *, key: str | None = None, event_id: str | None = None) -> Event[Fact]:
    """A fact in its envelope, as its owner would say it."""
    person_id = key or getattr(data, "person_id", None) or new_id()
    return Event(
        id=event_id or new_id(),
        type=EVENT_TYPE_OF[type(data)],
        source="/baton/test",
        key=person_id,
        subject=getattr(data, "lead_id", person_id),
        data=data,
        happened_at=NOON,
        recorded_at=NOON,
        correlation_id=new_id(),
    )


def a_record(event: Event[Fact], *, offset: int, partition: int = 0) -> Record:
    """The event as it lies in Kafka."""
    return Record(
        topic=TOPIC_OF[type(event.data)].name,
        partition=partition,
        offset=offset,
        key=event.key,
        value=event.data.model_dump_json().encode(),
        headers=headers_of(event),
        timestamp_ms=int(event.recorded_at.timestamp() * 1000),
    )
