"""What was decided, where leads are, and what is due."""

from datetime import datetime

from sqlalchemy import Column, Float, Index, text
from sqlmodel import Field

from lead_scoring.tables.base import (
    Base,
    id_column,
    integer_column,
    json_column,
    text_column,
    time_column,
)


class LeadRow(Base, table=True):
    """Where a lead is. Narrow, because the books count these rows again and again."""

    __tablename__ = "leads"

    lead_id: str = Field(sa_column=id_column(primary_key=True))
    state: str = Field(sa_column=text_column())
    prospect_id: str | None = Field(sa_column=id_column(nullable=True))
    withdrawn_at: datetime | None = Field(sa_column=time_column(nullable=True))


class ReceiptRow(Base, table=True):
    """What was decided about a lead or scored of a person, from what. Rows are only added."""

    __tablename__ = "receipts"
    __table_args__ = (
        Index("receipts_person", "person_id"),
        Index("receipts_result", "result"),
    )

    id: str = Field(sa_column=id_column(primary_key=True))
    lead_id: str | None = Field(sa_column=id_column(nullable=True))
    person_id: str = Field(sa_column=id_column())
    policy_version: int = Field(sa_column=integer_column())
    result: str = Field(sa_column=text_column())
    reason: str | None = Field(sa_column=text_column(nullable=True))
    fit: float = Field(sa_column=Column(Float(53), nullable=False))
    engagement: float = Field(sa_column=Column(Float(53), nullable=False))
    details: dict[str, object] = Field(sa_column=json_column())
    decided_at: datetime = Field(sa_column=time_column())
    band: str | None = Field(sa_column=text_column(nullable=True))


class DueRow(Base, table=True):
    """When time alone will move somebody, and up to when what it did has been said.

    There is a row for those alone whom time can move or has moved, under the least of their ids.
    """

    __tablename__ = "due"
    __table_args__ = (Index("due_at", "due_at", postgresql_where=text("due_at is not null")),)

    person_id: str = Field(sa_column=id_column(primary_key=True))
    as_of: datetime = Field(sa_column=time_column())
    due_at: datetime | None = Field(sa_column=time_column(nullable=True))


class OverrideRow(Base, table=True):
    """What somebody says a person's score is, beside the machine's; the newest one holds.

    Rows are only added. No points: it holds no more.
    """

    __tablename__ = "overrides"
    __table_args__ = (Index("overrides_person", "person_id", "set_at"),)

    id: str = Field(sa_column=id_column(primary_key=True))
    person_id: str = Field(sa_column=id_column())
    points: float | None = Field(sa_column=Column(Float(53), nullable=True))
    reason: str = Field(sa_column=text_column())
    who: str = Field(sa_column=text_column())
    set_at: datetime = Field(sa_column=time_column())
    expires_at: datetime | None = Field(sa_column=time_column(nullable=True))
