"""A record as it lies in Kafka, and what was made of it."""

from typing import NamedTuple

from baton.contracts.envelope import Unreadable, read_event
from baton.messaging.subscription import Heard


class Record(NamedTuple):
    """A Kafka record; `timestamp_ms` is when the broker's log took it."""

    topic: str
    partition: int
    offset: int
    key: str
    value: bytes | None
    headers: dict[str, str]
    timestamp_ms: int


class Delivery(NamedTuple):
    """A record with the event that it carries, or why it carries none."""

    record: Record
    heard: Heard | None
    flaw: str | None = None


def deliver(record: Record, types: frozenset[str]) -> Delivery:
    """Read the record if its type is wanted. One that is not has neither event nor flaw."""
    type_ = record.headers.get("ce_type")
    if type_ is not None and type_ not in types:
        return Delivery(record, None)
    try:
        return Delivery(record, read_event(record.key, record.value, record.headers))
    except Unreadable as error:
        return Delivery(record, None, str(error))
