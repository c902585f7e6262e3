"""What came, as rows: payloads, activities, the answers to keys, what was nobody's."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from marketing_intake.tables.base import ERASED, Base, at_field, id_field, word_field


class PayloadRow(Base, table=True):
    """What a known source sent, as bytes, valid or not; a lead's payload has the lead's id."""

    __tablename__ = "payloads"
    __table_args__ = (
        Index("payloads_refused", "id", postgresql_where=text("status in ('refused', 'awaiting')")),
        Index(
            "payloads_imprints",
            "imprints",
            postgresql_using="gin",
            postgresql_where=text("imprints is not null"),
        ),
    )

    id: str = id_field(is_key=True)
    source_id: str = id_field()
    received_at: datetime = at_field()
    content_type: str = Field(sa_column=Column(Text, nullable=False, info=ERASED))
    body: bytes | None = Field(sa_column=Column(LargeBinary, info=ERASED))
    status: str = Field(sa_column=Column(Text, nullable=False))
    kind: str | None = Field(sa_column=Column(Text))
    field: str | None = Field(sa_column=Column(Text, info=ERASED))
    detail: str | None = Field(sa_column=Column(Text, info=ERASED))
    failure: str | None = word_field(is_optional=True)
    component: str | None = word_field(is_optional=True)
    component_version: int | None = Field(sa_column=Column(SmallInteger))
    contract_version: int | None = Field(sa_column=Column(Integer))
    resent_as: str | None = id_field(is_optional=True)
    headers: dict[str, Any] | None = Field(sa_column=Column(JSONB, info=ERASED))
    imprints: list[bytes] | None = Field(sa_column=Column(ARRAY(LargeBinary), info=ERASED))
    """Keyed hashes of addresses and numbers in the body of what belongs to nobody."""


class ActivityRow(Base, table=True):
    """Something that a person did. What it says of them stays here; the fact names nobody."""

    __tablename__ = "activities"
    __table_args__ = (
        Index("activities_person", "person_id", "happened_at"),
        Index(
            "activities_message",
            "source_id",
            "message_id",
            "happened_at",
            postgresql_where=text("message_id is not null"),
        ),
        Index("activities_suspected", "id", postgresql_where=text("suspicion is not null")),
    )

    id: str = id_field(is_key=True)
    person_id: str = id_field()
    source_id: str = id_field()
    campaign_id: str | None = id_field(is_optional=True)
    channel: str = word_field()
    kind: str = word_field()
    happened_at: datetime = at_field()
    received_at: datetime = at_field()
    correlation_id: str = id_field()
    contract_version: int = Field(sa_column=Column(Integer, nullable=False))
    suspicion: str | None = word_field(is_optional=True)
    call_to_action: str | None = word_field(is_optional=True)
    message_id: str | None = Field(sa_column=Column(Text, info=ERASED))
    details: dict[str, Any] | None = Field(sa_column=Column(JSONB, info=ERASED))


class IdempotencyRow(Base, table=True):
    """The answer that a key was given, for as long as it is remembered.

    `kept_until` is there for vendors' event ids; keys of the API are remembered by a setting.
    """

    __tablename__ = "idempotency"
    __table_args__ = (
        Index("idempotency_created", "created_at", postgresql_using="brin"),
        Index("idempotency_kept", "kept_until", postgresql_where=text("kept_until is not null")),
    )

    source_id: str = id_field(is_key=True)
    key_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    fingerprint: bytes = Field(sa_column=Column(LargeBinary, nullable=False, info=ERASED))
    status: int = Field(sa_column=Column(SmallInteger, nullable=False))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False, info=ERASED))
    created_at: datetime = at_field()
    kept_until: datetime | None = at_field(is_optional=True)


class TraitValueRow(Base, table=True):
    """A value that a declared trait has had; their number is limited."""

    __tablename__ = "trait_values"

    source_id: str = id_field(is_key=True)
    name: str = Field(sa_column=Column(Text, primary_key=True))
    value: str = Field(sa_column=Column(Text, primary_key=True))


class StrayRow(Base, table=True):
    """A request that proved to be nobody's: counted in metrics, the first few kept to look at."""

    __tablename__ = "strays"
    __table_args__ = (Index("strays_received", "received_at"), Index("strays_source", "source_id"))

    id: str = id_field(is_key=True)
    source_id: str | None = id_field(is_optional=True)
    component: str = word_field()
    reason: str = word_field()
    received_at: datetime = at_field()
    body_bytes: int = Field(sa_column=Column(BigInteger, nullable=False))
    sample: bytes | None = Field(
        sa_column=Column(LargeBinary, info={"personal": "deleted after days, see settings"})
    )
