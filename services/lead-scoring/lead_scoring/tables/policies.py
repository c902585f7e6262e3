"""What is decided by."""

from datetime import datetime

from sqlalchemy import Column, SmallInteger
from sqlmodel import Field

from lead_scoring.tables.base import Base, integer_column, json_column, text_column, time_column


class PolicyRow(Base, table=True):
    """A version of the policy. Its document never changes; published ones are kept for ever."""

    __tablename__ = "policies"

    version: int = Field(sa_column=integer_column(primary_key=True))
    document: dict[str, object] = Field(sa_column=json_column())
    created_at: datetime = Field(sa_column=time_column())
    created_by: str = Field(sa_column=text_column())
    published_at: datetime | None = Field(sa_column=time_column(nullable=True))
    published_by: str | None = Field(sa_column=text_column(nullable=True))


class ActivePolicyRow(Base, table=True):
    """The one row that says which version holds, since which publication.

    Deciding shares it, publishing takes it alone.
    """

    __tablename__ = "active_policy"

    id: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    version: int = Field(sa_column=integer_column())
    publication: int = Field(sa_column=integer_column())
