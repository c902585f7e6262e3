"""What was heard about people."""

from datetime import datetime

from sqlalchemy import Boolean, Column, Index, text
from sqlmodel import Field

from lead_scoring.tables.base import Base, id_column, json_column, text_column, time_column


class FactRow(Base, table=True):
    """A lead as it was captured. Rows are only added."""

    __tablename__ = "facts"
    __table_args__ = (
        Index("facts_person", "person_id", "happened_at", "lead_id"),
        Index("facts_happened", "happened_at", postgresql_using="brin"),
        Index("facts_company", "company_id", postgresql_where=text("company_id is not null")),
    )

    lead_id: str = Field(sa_column=id_column(primary_key=True))
    event_id: str = Field(sa_column=id_column())
    person_id: str = Field(sa_column=id_column())
    happened_at: datetime = Field(sa_column=time_column())
    received_at: datetime = Field(sa_column=time_column())
    is_test: bool = Field(sa_column=Column(Boolean, nullable=False))
    data: dict[str, object] = Field(sa_column=json_column())
    company_id: str | None = Field(sa_column=id_column(nullable=True))


class ActivityRow(Base, table=True):
    """Something that a person did; machines' are not kept. Rows are only added."""

    __tablename__ = "activities"
    __table_args__ = (
        Index("activities_person", "person_id", "happened_at", "activity_id"),
        Index("activities_event", "event_id"),
    )

    activity_id: str = Field(sa_column=id_column(primary_key=True))
    event_id: str = Field(sa_column=id_column())
    person_id: str = Field(sa_column=id_column())
    happened_at: datetime = Field(sa_column=time_column())
    kind: str = Field(sa_column=text_column())
    data: dict[str, object] = Field(sa_column=json_column())


class RetractionRow(Base, table=True):
    """An activity that did not happen, known before or after it. Rows are only added."""

    __tablename__ = "retractions"
    __table_args__ = (Index("retractions_person", "person_id"),)

    activity_id: str = Field(sa_column=id_column(primary_key=True))
    event_id: str = Field(sa_column=id_column())
    person_id: str = Field(sa_column=id_column())
    retracted_at: datetime = Field(sa_column=time_column())


class EnrichmentRow(Base, table=True):
    """More that is known of a lead's person or company. Rows are only added."""

    __tablename__ = "enrichments"
    __table_args__ = (Index("enrichments_person", "person_id", "happened_at", "event_id"),)

    event_id: str = Field(sa_column=id_column(primary_key=True))
    lead_id: str = Field(sa_column=id_column())
    person_id: str = Field(sa_column=id_column())
    happened_at: datetime = Field(sa_column=time_column())
    company_id: str | None = Field(sa_column=id_column(nullable=True))
    data: dict[str, object] = Field(sa_column=json_column())
