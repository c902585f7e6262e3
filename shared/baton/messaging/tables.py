"""The frame's own tables, which every service has in its own database."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

NOW = text("now()")
PARKED_PERSONAL = {"personal": "destroyed when PersonErased is heard"}
WORK_PERSONAL = {"personal": "deleted with the person, lead or payload that it names, or when done"}
WORD = {"word": True}
"""Holds nothing that names, reaches or was written by a person."""


def add_messaging_tables(metadata: MetaData) -> None:
    """Add outbox, relay shards, inbox, offsets, parked messages, tallies, work and feeds."""
    _add_saying(metadata)
    _add_hearing(metadata)
    _add_effects(metadata)


def _add_saying(metadata: MetaData) -> None:
    Table(
        "outbox",
        metadata,
        Column("seq", BigInteger, Identity(always=True), primary_key=True),
        Column("id", UUID, nullable=False),
        Column("aggregatetype", Text, nullable=False, info=WORD),
        Column("aggregateid", Text, nullable=False, info=WORD),
        Column("type", Text, nullable=False, info=WORD),
        Column("payload", LargeBinary, info={"personal": "leaves with the send"}),
        Column("headers", Text, nullable=False, info=WORD),
        Column("shard", SmallInteger, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=NOW),
    )
    Table(
        "relay_shards",
        metadata,
        Column("shard", SmallInteger, primary_key=True, autoincrement=False),
    )
    Table(
        "tallies",
        metadata,
        Column("name", Text, primary_key=True, info=WORD),
        Column("slot", SmallInteger, primary_key=True, autoincrement=False),
        Column("count", BigInteger, nullable=False),
    )


def _add_hearing(metadata: MetaData) -> None:
    Table(
        "inbox",
        metadata,
        Column("consumer_group", Text, primary_key=True, info=WORD),
        Column("event_id", UUID, primary_key=True),
        Column("heard_at", DateTime(timezone=True), nullable=False),
        Index("inbox_heard_at", "heard_at", postgresql_using="brin"),
    )
    Table(
        "consumer_offsets",
        metadata,
        Column("consumer_group", Text, primary_key=True, info=WORD),
        Column("topic", Text, primary_key=True, info=WORD),
        Column("partition", Integer, primary_key=True, autoincrement=False),
        Column("position", BigInteger, nullable=False),
        Column("moved_at", DateTime(timezone=True), nullable=False, server_default=NOW),
    )
    Table(
        "parked",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("consumer_group", Text, nullable=False, info=WORD),
        Column("topic", Text, nullable=False, info=WORD),
        Column("partition", Integer, nullable=False),
        Column("position", BigInteger, nullable=False),
        Column("key", Text, nullable=False, info=WORD),
        Column("value", LargeBinary, info=PARKED_PERSONAL),
        Column("headers", JSONB, nullable=False, info=PARKED_PERSONAL),
        Column("event_id", UUID),
        Column("event_type", Text, info=WORD),
        Column("status", Text, nullable=False, info=WORD),
        Column("reason", Text, nullable=False, info=WORD),
        Column("message", Text, nullable=False, info=PARKED_PERSONAL),
        Column("traceback", Text, info=PARKED_PERSONAL),
        Column("attempts", Integer, nullable=False),
        Column("first_failed_at", DateTime(timezone=True), nullable=False),
        Column("next_attempt_at", DateTime(timezone=True), nullable=False),
        Index("parked_key", "consumer_group", "key", "id"),
        Index("parked_due", "status", "next_attempt_at"),
    )


def _add_effects(metadata: MetaData) -> None:
    Table(
        "work",
        metadata,
        Column("id", UUID, primary_key=True),
        Column("kind", Text, nullable=False, info=WORD),
        Column("payload", JSONB, nullable=False, info=WORK_PERSONAL),
        Column("due_at", DateTime(timezone=True), nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("attempts", Integer, nullable=False, server_default=text("0")),
        Column("last_error", Text, info=WORD),
        Column("failed_at", DateTime(timezone=True)),
        Index("work_due", "due_at", postgresql_where=text("failed_at is null")),
    )
    Table(
        "feed_items",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("feed", Text, nullable=False, info=WORD),
        Column("key", Text, nullable=False, info=WORD),
        Column("item", JSONB, nullable=False, info=WORD),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("position", BigInteger),
        Index("feed_items_position", "feed", "position", unique=True),
        Index("feed_items_new", "feed", "id", postgresql_where=text("position is null")),
    )
