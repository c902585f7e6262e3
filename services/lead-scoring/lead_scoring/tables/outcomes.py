"""How pursuits ended."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Column, Index, Numeric
from sqlmodel import Field

from lead_scoring.tables.base import Base, id_column, integer_column, text_column, time_column


class OutcomeRow(Base, table=True):
    """How a pursuit ended, as sales said it; the highest version of a deal holds."""

    __tablename__ = "outcomes"
    __table_args__ = (Index("outcomes_person", "person_id"),)

    prospect_id: str = Field(sa_column=id_column(primary_key=True))
    deal_id: str = Field(sa_column=text_column(primary_key=True))
    version: int = Field(sa_column=integer_column(primary_key=True))
    event_id: str = Field(sa_column=id_column())
    person_id: str = Field(sa_column=id_column())
    outcome: str = Field(sa_column=text_column())
    amount: Decimal | None = Field(sa_column=Column(Numeric(20, 6)))
    currency: str | None = Field(sa_column=text_column(nullable=True))
    reason: str | None = Field(sa_column=text_column(nullable=True))
    closed_at: datetime = Field(sa_column=time_column())
    heard_at: datetime = Field(sa_column=time_column())


class OutcomeLeadRow(Base, table=True):
    """A lead that an outcome speaks for: the label of what was known when it was decided."""

    __tablename__ = "outcome_leads"

    lead_id: str = Field(sa_column=id_column(primary_key=True))
    prospect_id: str = Field(sa_column=id_column(primary_key=True))
    deal_id: str = Field(sa_column=text_column(primary_key=True))
    version: int = Field(sa_column=integer_column(primary_key=True))
