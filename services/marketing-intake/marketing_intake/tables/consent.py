"""Consent as evidence, and who is not to be brought back, as rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from marketing_intake.tables.base import ERASED, WORD, Base, at_field, id_field, word_field


class ConsentRow(Base, table=True):
    """What a person has said about consent, and how that can be shown. Rows are only added.

    A trigger keeps it so; what is personal alone can be blanked. What came with a lead or an
    activity has its id.
    """

    __tablename__ = "consents"
    __table_args__ = (Index("consents_person", "person_id", "happened_at"),)

    id: str = id_field(is_key=True)
    person_id: str = id_field()
    happened_at: datetime = at_field()
    recorded_at: datetime = at_field()
    granted: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False, info=WORD))
    withdrawn: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False, info=WORD))
    how: str = word_field()
    speaker: str = word_field()
    who: str = word_field()
    source_id: str | None = id_field(is_optional=True)
    component: str | None = word_field(is_optional=True)
    contract_version: int | None = Field(sa_column=Column(Integer))
    text_sha256: bytes | None = Field(sa_column=Column(LargeBinary, info=WORD))
    text_version: str | None = Field(sa_column=Column(Text, info=ERASED))
    circumstances: dict[str, Any] | None = Field(sa_column=Column(JSONB, info=ERASED))
    proof: dict[str, Any] | None = Field(sa_column=Column(JSONB, info=ERASED))


class SuppressionRow(Base, table=True):
    """A keyed hash of an identifier of somebody who was forgotten; its key is not in here."""

    __tablename__ = "suppressions"

    mac: bytes = Field(sa_column=Column(LargeBinary, primary_key=True, info=WORD))
    since: datetime = at_field()
    """When the erasure was."""
