"""The rows of lead-scoring, on its own metadata.

Nothing here names or reaches a person: facts carry traits that identify nobody, so they are kept
when a person is forgotten, and every decision can still be made again. References between rows are
kept by the transactions and proved by tests, not by foreign keys: a check per row would cost more
than the row.
"""

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
    MetaData,
    Numeric,
    SmallInteger,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from baton.tables import frame_tables

METADATA: Final = MetaData()
WORD: Final = {"word": True}
"""Holds nothing that names, reaches or was written by a person: a test wants each column marked."""


class Base(SQLModel, registry=registry(metadata=METADATA)):
    """What all rows of this service have in common: their metadata."""


def _id(*, primary_key: bool = False, nullable: bool = False) -> Column[Any]:
    return Column(UUID(as_uuid=False), primary_key=primary_key, nullable=nullable)


def _text(*, primary_key: bool = False, nullable: bool = False) -> Column[Any]:
    """A word of ours, or an id: nothing that a person has written."""
    return Column(Text, primary_key=primary_key, nullable=nullable, info=WORD)


def _integer(*, primary_key: bool = False) -> Column[Any]:
    return Column(Integer, primary_key=primary_key, nullable=False, autoincrement=False)


def _at(*, nullable: bool = False) -> Column[Any]:
    return Column(DateTime(timezone=True), nullable=nullable)


def _json(*, nullable: bool = False) -> Column[Any]:
    """A document of ours, or a fact as it was heard, which names nobody."""
    return Column(JSONB, nullable=nullable, info=WORD)


class PolicyRow(Base, table=True):
    """A version of the policy. Its document never changes; published ones are kept for ever."""

    __tablename__ = "policies"

    version: int = Field(sa_column=_integer(primary_key=True))
    document: dict[str, object] = Field(sa_column=_json())
    created_at: datetime = Field(sa_column=_at())
    created_by: str = Field(sa_column=_text())
    published_at: datetime | None = Field(sa_column=_at(nullable=True))
    published_by: str | None = Field(sa_column=_text(nullable=True))


class ActivePolicyRow(Base, table=True):
    """The one row that says which version holds. Deciding shares it, publishing takes it alone."""

    __tablename__ = "active_policy"

    id: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    version: int = Field(sa_column=_integer())


class FactRow(Base, table=True):
    """A lead as it was captured. Rows are only added."""

    __tablename__ = "facts"
    __table_args__ = (
        Index("facts_person", "person_id", "happened_at", "lead_id"),
        Index("facts_event", "event_id"),
    )

    lead_id: str = Field(sa_column=_id(primary_key=True))
    event_id: str = Field(sa_column=_id())
    person_id: str = Field(sa_column=_id())
    happened_at: datetime = Field(sa_column=_at())
    received_at: datetime = Field(sa_column=_at())
    is_test: bool = Field(sa_column=Column(Boolean, nullable=False))
    data: dict[str, object] = Field(sa_column=_json())


class LeadRow(Base, table=True):
    """Where a lead is. Narrow, because the books count these rows again and again."""

    __tablename__ = "leads"

    lead_id: str = Field(sa_column=_id(primary_key=True))
    state: str = Field(sa_column=_text())
    prospect_id: str | None = Field(sa_column=_id(nullable=True))
    withdrawn_at: datetime | None = Field(sa_column=_at(nullable=True))


class ReceiptRow(Base, table=True):
    """What was decided about a lead, from what. Rows are only added."""

    __tablename__ = "receipts"
    __table_args__ = (
        Index("receipts_lead", "lead_id"),
        Index("receipts_result", "result"),
    )

    id: str = Field(sa_column=_id(primary_key=True))
    lead_id: str = Field(sa_column=_id())
    person_id: str = Field(sa_column=_id())
    policy_version: int = Field(sa_column=_integer())
    result: str = Field(sa_column=_text())
    reason: str | None = Field(sa_column=_text(nullable=True))
    fit: float = Field(sa_column=Column(Float(53), nullable=False))
    engagement: float = Field(sa_column=Column(Float(53), nullable=False))
    details: dict[str, object] = Field(sa_column=_json())
    decided_at: datetime = Field(sa_column=_at())


class ConsentRow(Base, table=True):
    """What a person has said about being contacted. Rows are only added."""

    __tablename__ = "consents"
    __table_args__ = (Index("consents_person", "person_id", "version"),)

    event_id: str = Field(sa_column=_id(primary_key=True))
    person_id: str = Field(sa_column=_id())
    version: int = Field(sa_column=_integer())
    grants_contact: bool = Field(sa_column=Column(Boolean, nullable=False))
    happened_at: datetime = Field(sa_column=_at())


class ErasureRow(Base, table=True):
    """A person who is to be forgotten."""

    __tablename__ = "erasures"

    person_id: str = Field(sa_column=_id(primary_key=True))
    event_id: str = Field(sa_column=_id())
    erased_at: datetime = Field(sa_column=_at())


class MergeRow(Base, table=True):
    """People who are one, or were until the merge was taken back."""

    __tablename__ = "merges"

    id: str = Field(sa_column=_id(primary_key=True))
    version: int = Field(sa_column=_integer())
    is_active: bool = Field(sa_column=Column(Boolean, nullable=False))


class MergeMemberRow(Base, table=True):
    """One of the ids that a merge joins."""

    __tablename__ = "merge_members"
    __table_args__ = (Index("merge_members_person", "person_id"),)

    merge_id: str = Field(sa_column=_id(primary_key=True))
    person_id: str = Field(sa_column=_id(primary_key=True))


class OutcomeRow(Base, table=True):
    """How a pursuit ended, as sales said it; the highest version of a deal holds."""

    __tablename__ = "outcomes"

    prospect_id: str = Field(sa_column=_id(primary_key=True))
    deal_id: str = Field(sa_column=_text(primary_key=True))
    version: int = Field(sa_column=_integer(primary_key=True))
    event_id: str = Field(sa_column=_id())
    person_id: str = Field(sa_column=_id())
    outcome: str = Field(sa_column=_text())
    amount: Decimal | None = Field(sa_column=Column(Numeric(20, 6)))
    currency: str | None = Field(sa_column=_text(nullable=True))
    reason: str | None = Field(sa_column=_text(nullable=True))
    closed_at: datetime = Field(sa_column=_at())
    heard_at: datetime = Field(sa_column=_at())


class OutcomeLeadRow(Base, table=True):
    """A lead that an outcome speaks for: the label of what was known when it was decided."""

    __tablename__ = "outcome_leads"

    lead_id: str = Field(sa_column=_id(primary_key=True))
    prospect_id: str = Field(sa_column=_id(primary_key=True))
    deal_id: str = Field(sa_column=_text(primary_key=True))
    version: int = Field(sa_column=_integer(primary_key=True))


frame_tables(METADATA)
