"""What was heard of people, and the names of sources."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from sales_routing.tables.base import (
    ERASED,
    Base,
    instant_column,
    large_number_column,
    personal_column,
    text_column,
    uuid_column,
)


class PersonRow(Base, table=True):
    """What was heard of a person: the contact card, consent, and whether they are forgotten."""

    __tablename__ = "people"

    person_id: str = Field(sa_column=uuid_column(primary_key=True))
    card_version: int | None = Field(sa_column=Column(BigInteger))
    given_name: str | None = Field(sa_column=personal_column())
    family_name: str | None = Field(sa_column=personal_column())
    email: str | None = Field(sa_column=personal_column())
    phone: str | None = Field(sa_column=personal_column())
    company: str | None = Field(sa_column=personal_column())
    job_title: str | None = Field(sa_column=personal_column())
    country: str | None = Field(sa_column=personal_column())
    message: str | None = Field(sa_column=personal_column())
    page_url: str | None = Field(sa_column=personal_column())
    external_ids: dict[str, str] | None = Field(sa_column=Column(JSONB, info=ERASED))
    consent_version: int = Field(
        sa_column=Column(BigInteger, nullable=False, server_default=text("0"))
    )
    refused_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    erased_at: datetime | None = Field(sa_column=instant_column(nullable=True))


class MergeMemberRow(Base, table=True):
    """One person of a merge; an overlay that no other row is moved for."""

    __tablename__ = "merge_members"
    __table_args__ = (Index("merge_members_person", "person_id"),)

    merge_id: str = Field(sa_column=uuid_column(primary_key=True))
    person_id: str = Field(sa_column=uuid_column(primary_key=True))
    version: int = Field(sa_column=large_number_column())
    is_active: bool


class SourceRow(Base, table=True):
    """The name of a source of the catalogue."""

    __tablename__ = "sources"

    id: str = Field(sa_column=text_column(primary_key=True))
    name: str = Field(sa_column=text_column())
