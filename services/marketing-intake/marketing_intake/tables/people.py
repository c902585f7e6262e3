"""People, by what they are known, and who is one with whom, as rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID
from sqlmodel import Field

from marketing_intake.tables.base import ERASED, Base, at_field, id_field


class PersonRow(Base, table=True):
    """A person under the id given at first sight; it never changes."""

    __tablename__ = "people"

    id: str = id_field(is_key=True)
    created_at: datetime = at_field()
    card: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False, info=ERASED))
    card_version: int = Field(sa_column=Column(Integer, nullable=False))
    card_times: dict[str, str] = Field(
        # When each field was learned, where that was not with the person.
        sa_column=Column(JSONB, nullable=False, server_default=text("'{}'"), info=ERASED)
    )
    consent: list[str] | None = Field(sa_column=Column(ARRAY(Text)))
    consent_version: int = Field(
        sa_column=Column(Integer, nullable=False, server_default=text("0"))
    )
    erased_at: datetime | None = at_field(is_optional=True)


class IdentifierRow(Base, table=True):
    """Something by which a person is known."""

    __tablename__ = "identifiers"
    __table_args__ = (Index("identifiers_person", "person_id"),)

    kind: str = Field(sa_column=Column(Text, primary_key=True))
    value: str = Field(sa_column=Column(Text, primary_key=True, info=ERASED))
    person_id: str = id_field()


class MergeRow(Base, table=True):
    """An overlay that says: these people are one."""

    __tablename__ = "merges"
    __table_args__ = (
        Index(
            "merges_members",
            "member_ids",
            postgresql_using="gin",
            postgresql_where=text("is_active"),
        ),
    )

    id: str = id_field(is_key=True)
    member_ids: list[str] = Field(sa_column=Column(ARRAY(UUID), nullable=False))
    survivor_id: str = id_field()
    version: int = Field(sa_column=Column(Integer, nullable=False))
    is_active: bool = Field(sa_column=Column(Boolean, nullable=False))
    created_at: datetime = at_field()


class KinRow(Base, table=True):
    """Under which one id somebody goes with all whom merges in force, or chains of them, join.

    What follows from the merges, kept for whoever counts people. Who is merged with nobody has no
    row; who was forgotten keeps theirs, and goes on to be counted.
    """

    __tablename__ = "kin"
    __table_args__ = (Index("kin_kin", "kin_id"),)

    person_id: str = id_field(is_key=True)
    kin_id: str = id_field()


class BurialRow(Base, table=True):
    """A second tombstone that is due later, so that a late old card can't outlive the first."""

    __tablename__ = "burials"

    person_id: str = id_field(is_key=True)
    due_at: datetime = at_field()
