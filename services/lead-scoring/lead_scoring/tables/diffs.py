"""What a draft would have changed."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Column, Float, Index, Numeric
from sqlmodel import Field

from lead_scoring.tables.base import (
    Base,
    id_column,
    integer_column,
    json_column,
    text_column,
    time_column,
)


class DiffRow(Base, table=True):
    """A version compared with another over a period.

    People are compared in the order of their ids: all up to `position` have been.
    """

    __tablename__ = "diffs"

    id: str = Field(sa_column=id_column(primary_key=True))
    version: int = Field(sa_column=integer_column())
    against: int = Field(sa_column=integer_column())
    since: datetime | None = Field(sa_column=time_column(nullable=True))
    until: datetime = Field(sa_column=time_column())
    status: str = Field(sa_column=text_column())
    position: str | None = Field(sa_column=id_column(nullable=True))
    people: int = Field(sa_column=integer_column())
    people_total: int = Field(sa_column=integer_column())
    created_at: datetime = Field(sa_column=time_column())
    created_by: str = Field(sa_column=text_column())
    started_at: datetime | None = Field(sa_column=time_column(nullable=True))
    ended_at: datetime | None = Field(sa_column=time_column(nullable=True))


class DiffCountRow(Base, table=True):
    """How many of a source's people are on a side, and how many deals were won with them."""

    __tablename__ = "diff_counts"

    diff_id: str = Field(sa_column=id_column(primary_key=True))
    source_id: str = Field(sa_column=id_column(primary_key=True))
    side: str = Field(sa_column=text_column(primary_key=True))
    people: int = Field(sa_column=integer_column())
    won: int = Field(sa_column=integer_column())


class DiffAmountRow(Base, table=True):
    """What those deals are worth, by currency."""

    __tablename__ = "diff_amounts"

    diff_id: str = Field(sa_column=id_column(primary_key=True))
    source_id: str = Field(sa_column=id_column(primary_key=True))
    side: str = Field(sa_column=text_column(primary_key=True))
    currency: str = Field(sa_column=text_column(primary_key=True))
    amount: Decimal = Field(sa_column=Column(Numeric(26, 6), nullable=False))


class DiffPersonRow(Base, table=True):
    """Somebody who is on another side of the line; the reasons are rules with both points."""

    __tablename__ = "diff_people"
    __table_args__ = (Index("diff_people_side", "diff_id", "side", "person_id"),)

    diff_id: str = Field(sa_column=id_column(primary_key=True))
    person_id: str = Field(sa_column=id_column(primary_key=True))
    side: str = Field(sa_column=text_column())
    source_id: str = Field(sa_column=id_column())
    decided_at: datetime = Field(sa_column=time_column())
    points_before: float = Field(sa_column=Column(Float(53), nullable=False))
    points_after: float = Field(sa_column=Column(Float(53), nullable=False))
    won: int = Field(sa_column=integer_column())
    reasons: list[object] = Field(sa_column=json_column())
