"""What was agreed with sources and when, how much came of each, and how far bodies are deleted."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from marketing_intake.tables.base import Base, at_field, id_field, word_field


class SourceContractRow(Base, table=True):
    """One version of what was agreed with a source; nothing secret is in it."""

    __tablename__ = "source_contracts"

    source_id: str = id_field(is_key=True)
    version: int = Field(sa_column=Column(Integer, primary_key=True))
    document: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    who: str = word_field()
    at: datetime = at_field()


class SourceDayRow(Base, table=True):
    """How much of a source was taken on a day of UTC, for sources that have a limit."""

    __tablename__ = "source_days"

    source_id: str = id_field(is_key=True)
    day: date = Field(sa_column=Column(Date, primary_key=True))
    taken: int = Field(sa_column=Column(Integer, nullable=False))


class RetentionMarkRow(Base, table=True):
    """Up to which payload bodies of a kind are deleted; ids are in the order of time."""

    __tablename__ = "retention_marks"

    name: str = word_field(is_key=True)
    up_to: str = id_field()
