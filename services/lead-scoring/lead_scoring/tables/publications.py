"""Which policy held from when on, and how far the re-scoring that followed is."""

from datetime import datetime

from sqlalchemy import Boolean, Column
from sqlmodel import Field

from lead_scoring.tables.base import Base, id_column, integer_column, text_column, time_column


class PublicationRow(Base, table=True):
    """A version began to hold. Numbers only grow, also where an older version holds again.

    Open people are scored anew in the order of their ids: all up to `position` have been. `people`
    is how many that were, `said` for how many of them something had changed.
    """

    __tablename__ = "publications"

    number: int = Field(sa_column=integer_column(primary_key=True))
    version: int = Field(sa_column=integer_column())
    is_rollback: bool = Field(sa_column=Column(Boolean, nullable=False))
    published_at: datetime = Field(sa_column=time_column())
    published_by: str = Field(sa_column=text_column())
    correlation_id: str = Field(sa_column=id_column())
    traceparent: str | None = Field(sa_column=text_column(nullable=True))
    position: str | None = Field(sa_column=id_column(nullable=True))
    people: int = Field(sa_column=integer_column())
    people_total: int = Field(sa_column=integer_column())
    said: int = Field(sa_column=integer_column())
    started_at: datetime | None = Field(sa_column=time_column(nullable=True))
    ended_at: datetime | None = Field(sa_column=time_column(nullable=True))
