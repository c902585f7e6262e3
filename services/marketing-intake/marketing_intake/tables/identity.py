"""Who may be whom, by which rules people are matched, and how far those were applied, as rows."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from marketing_intake.tables.base import ERASED, Base, at_field, id_field, word_field


class CandidateRow(Base, table=True):
    """Two people who may be one, the smaller id first, and what was decided about them."""

    __tablename__ = "candidates"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        Index("candidates_second", "second_id"),
        Index("candidates_state", "state", "id"),
    )

    id: str = id_field(is_key=True)
    first_id: str = id_field()
    second_id: str = id_field()
    state: str = word_field()
    reasons: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    score: float | None = Field(sa_column=Column(Float(53)))
    found_at: datetime = at_field()
    decided_at: datetime | None = at_field(is_optional=True)
    decided_by: str | None = word_field(is_optional=True)
    merge_id: str | None = id_field(is_optional=True)


class LikenessRow(Base, table=True):
    """A hash of what people who are alike have in common: only to find those to compare."""

    __tablename__ = "likenesses"
    __table_args__ = (Index("likenesses_person", "person_id"),)

    likeness: int = Field(
        sa_column=Column(BigInteger, primary_key=True, autoincrement=False, info=ERASED)
    )
    person_id: str = id_field(is_key=True)


class SharedAddressRow(Base, table=True):
    """An address that identifies nobody, and somebody who has it: all of them refuse at once."""

    __tablename__ = "shared_addresses"
    __table_args__ = (Index("shared_addresses_person", "person_id"),)

    address: str = Field(sa_column=Column(Text, primary_key=True, info=ERASED))
    person_id: str = id_field(is_key=True)


class MatchRulesRow(Base, table=True):
    """By what people are matched; the highest version is in force."""

    __tablename__ = "match_rules"

    version: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    keys: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    limits: dict[str, int] = Field(sa_column=Column(JSONB, nullable=False))
    blocked: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    created_at: datetime = at_field()
    created_by: str = word_field()


class WalkRow(Base, table=True):
    """How far a timer has come that walks through all people or all leads; null: at the start."""

    __tablename__ = "walks"

    name: str = word_field(is_key=True)
    position: str | None = id_field(is_optional=True)


class PepperRow(Base, table=True):
    """What makes hashes unreadable to whoever has no database: made once, and never changed."""

    __tablename__ = "peppers"

    name: str = word_field(is_key=True)
    pepper: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
