"""The rows of marketing-intake. What may hold personal data is marked with how it is erased."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID
from sqlmodel import Field, SQLModel

from baton.tables import frame_tables

METADATA: Final = MetaData()
ERASED: Final = {"personal": "blanked or deleted by DELETE /v1/people/{id}"}


def _id(*, is_key: bool = False, is_optional: bool = False) -> Any:  # noqa: ANN401 SQLModel's Field
    return Field(sa_column=Column(UUID, primary_key=is_key, nullable=is_optional))


def _at(*, is_optional: bool = False) -> Any:  # noqa: ANN401 as above
    return Field(sa_column=Column(DateTime(timezone=True), nullable=is_optional))


class SourceRow(SQLModel, table=True):
    """A source of leads: a form, a tool, a file."""

    metadata = METADATA
    __tablename__ = "sources"

    id: str = _id(is_key=True)
    name: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    kind: str = Field(sa_column=Column(Text, nullable=False))
    channel: str = Field(sa_column=Column(Text, nullable=False))
    is_active: bool = Field(sa_column=Column(Boolean, nullable=False))
    form_key: str | None = Field(sa_column=Column(Text, unique=True))
    redirects: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    honeypot: str = Field(sa_column=Column(Text, nullable=False))
    declared: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    cost_per_lead: Decimal | None = Field(sa_column=Column(Numeric(18, 4)))
    currency: str | None = Field(sa_column=Column(Text))
    created_at: datetime = _at()


class CampaignRow(SQLModel, table=True):
    """A campaign of the catalogue."""

    metadata = METADATA
    __tablename__ = "campaigns"

    id: str = _id(is_key=True)
    name: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    created_at: datetime = _at()


class PersonRow(SQLModel, table=True):
    """A person under the id given at first sight; it never changes."""

    metadata = METADATA
    __tablename__ = "people"

    id: str = _id(is_key=True)
    created_at: datetime = _at()
    card: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False, info=ERASED))
    card_version: int = Field(sa_column=Column(Integer, nullable=False))
    consent: list[str] | None = Field(sa_column=Column(ARRAY(Text)))
    consent_version: int = Field(
        sa_column=Column(Integer, nullable=False, server_default=text("0"))
    )
    erased_at: datetime | None = _at(is_optional=True)


class IdentifierRow(SQLModel, table=True):
    """Something by which a person is known."""

    metadata = METADATA
    __tablename__ = "identifiers"
    __table_args__ = (Index("identifiers_person", "person_id"),)

    kind: str = Field(sa_column=Column(Text, primary_key=True))
    value: str = Field(sa_column=Column(Text, primary_key=True, info=ERASED))
    person_id: str = _id()


class MergeRow(SQLModel, table=True):
    """An overlay that says: these people are one."""

    metadata = METADATA
    __tablename__ = "merges"

    id: str = _id(is_key=True)
    member_ids: list[str] = Field(sa_column=Column(ARRAY(UUID), nullable=False))
    survivor_id: str = _id()
    version: int = Field(sa_column=Column(Integer, nullable=False))
    is_active: bool = Field(sa_column=Column(Boolean, nullable=False))
    created_at: datetime = _at()


class PayloadRow(SQLModel, table=True):
    """What a known source sent, as bytes, valid or not; a lead's payload has the lead's id."""

    metadata = METADATA
    __tablename__ = "payloads"
    __table_args__ = (Index("payloads_refused", "id", postgresql_where=text("status = 'refused'")),)

    id: str = _id(is_key=True)
    source_id: str = _id()
    received_at: datetime = _at()
    content_type: str = Field(sa_column=Column(Text, nullable=False))
    body: bytes | None = Field(sa_column=Column(LargeBinary, info=ERASED))
    status: str = Field(sa_column=Column(Text, nullable=False))
    kind: str | None = Field(sa_column=Column(Text))
    field: str | None = Field(sa_column=Column(Text))
    detail: str | None = Field(sa_column=Column(Text))
    resent_as: str | None = _id(is_optional=True)


class LeadRow(SQLModel, table=True):
    """One thing that arrived, and what became of it as far as intake has heard."""

    metadata = METADATA
    __tablename__ = "leads"
    __table_args__ = (
        Index("leads_person", "person_id"),
        Index("leads_happened", "happened_at"),
    )

    id: str = _id(is_key=True)
    person_id: str = _id()
    source_id: str = _id()
    campaign_id: str | None = _id(is_optional=True)
    channel: str = Field(sa_column=Column(Text, nullable=False))
    received_at: datetime = _at()
    happened_at: datetime = _at()
    correlation_id: str = _id()
    own_state: str = Field(sa_column=Column(Text, nullable=False))
    scoring_state: str | None = Field(sa_column=Column(Text))
    sales_state: str | None = Field(sa_column=Column(Text))
    state: str = Field(sa_column=Column(Text, nullable=False))
    was_qualified: bool = Field(
        sa_column=Column(Boolean, nullable=False, server_default=text("false"))
    )
    was_accepted: bool = Field(
        sa_column=Column(Boolean, nullable=False, server_default=text("false"))
    )
    fit: float | None = Field(sa_column=Column(Float(53)))
    engagement: float | None = Field(sa_column=Column(Float(53)))
    policy_version: int | None = Field(sa_column=Column(Integer))
    reasons: list[dict[str, Any]] | None = Field(sa_column=Column(JSONB))
    missing: list[str] | None = Field(sa_column=Column(ARRAY(Text)))
    prospect_id: str | None = _id(is_optional=True)
    rep_id: str | None = _id(is_optional=True)
    deal_id: str | None = Field(sa_column=Column(Text))
    deal_version: int | None = Field(sa_column=Column(Integer))
    outcome: str | None = Field(sa_column=Column(Text))
    closure_reason: str | None = Field(sa_column=Column(Text))
    amount: Decimal | None = Field(sa_column=Column(Numeric(18, 4)))
    currency: str | None = Field(sa_column=Column(Text))
    closed_at: datetime | None = _at(is_optional=True)
    details: dict[str, Any] | None = Field(sa_column=Column(JSONB, info=ERASED))


class LeadStepRow(SQLModel, table=True):
    """One event of a lead's way, as intake heard it."""

    metadata = METADATA
    __tablename__ = "lead_steps"

    lead_id: str = _id(is_key=True)
    event_id: str = _id(is_key=True)
    type: str = Field(sa_column=Column(Text, nullable=False))
    happened_at: datetime = _at()
    recorded_at: datetime = _at()
    heard_at: datetime = _at()


class RepRow(SQLModel, table=True):
    """Who took a lead, by the name that sales gives them."""

    metadata = METADATA
    __tablename__ = "reps"

    id: str = _id(is_key=True)
    name: str = Field(sa_column=Column(Text, nullable=False))
    team: str = Field(sa_column=Column(Text, nullable=False))


class IdempotencyRow(SQLModel, table=True):
    """The answer that a key was given, for as long as it is remembered."""

    metadata = METADATA
    __tablename__ = "idempotency"
    __table_args__ = (Index("idempotency_created", "created_at", postgresql_using="brin"),)

    source_id: str = _id(is_key=True)
    key_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    fingerprint: bytes = Field(sa_column=Column(LargeBinary, nullable=False, info=ERASED))
    status: int = Field(sa_column=Column(SmallInteger, nullable=False))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: datetime = _at()


class BurialRow(SQLModel, table=True):
    """A second tombstone that is due later, so that a late old card can't outlive the first."""

    metadata = METADATA
    __tablename__ = "burials"

    person_id: str = _id(is_key=True)
    due_at: datetime = _at()


class TraitValueRow(SQLModel, table=True):
    """A value that a declared trait has had; their number is limited."""

    metadata = METADATA
    __tablename__ = "trait_values"

    source_id: str = _id(is_key=True)
    name: str = Field(sa_column=Column(Text, primary_key=True))
    value: str = Field(sa_column=Column(Text, primary_key=True))


frame_tables(METADATA)
