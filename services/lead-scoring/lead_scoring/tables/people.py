"""Who is one with whom, what they allow, and who is forgotten."""

from datetime import datetime

from sqlalchemy import Boolean, Column, Index
from sqlmodel import Field

from lead_scoring.tables.base import Base, id_column, integer_column, time_column


class ConsentRow(Base, table=True):
    """What a person has said about being contacted. Rows are only added."""

    __tablename__ = "consents"
    __table_args__ = (Index("consents_person", "person_id", "version"),)

    event_id: str = Field(sa_column=id_column(primary_key=True))
    person_id: str = Field(sa_column=id_column())
    version: int = Field(sa_column=integer_column())
    grants_contact: bool = Field(sa_column=Column(Boolean, nullable=False))
    happened_at: datetime = Field(sa_column=time_column())


class ErasureRow(Base, table=True):
    """A person who is to be forgotten."""

    __tablename__ = "erasures"

    person_id: str = Field(sa_column=id_column(primary_key=True))
    event_id: str = Field(sa_column=id_column())
    erased_at: datetime = Field(sa_column=time_column())


class MergeRow(Base, table=True):
    """People who are one, or were until the merge was taken back."""

    __tablename__ = "merges"

    id: str = Field(sa_column=id_column(primary_key=True))
    version: int = Field(sa_column=integer_column())
    is_active: bool = Field(sa_column=Column(Boolean, nullable=False))


class MergeMemberRow(Base, table=True):
    """One of the ids that a merge joins."""

    __tablename__ = "merge_members"
    __table_args__ = (Index("merge_members_person", "person_id"),)

    merge_id: str = Field(sa_column=id_column(primary_key=True))
    person_id: str = Field(sa_column=id_column(primary_key=True))
