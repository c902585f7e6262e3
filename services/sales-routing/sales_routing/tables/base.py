"""What all rows share: the metadata, and columns by kind."""

from typing import Any, Final

from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, Text
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

METADATA: Final = MetaData()
ERASED: Final = {"personal": "blanked when PersonErased or a card's tombstone is heard"}
WORD: Final = {"word": True}
"""Holds nothing that names, reaches or was written by a person: a test wants each column marked."""
STAFF: Final = {"personal": "overwritten by PATCH /v1/reps when a rep leaves"}


class Base(SQLModel, registry=registry(metadata=METADATA)):
    """What all rows of this service have in common: their metadata."""


def uuid_column(*, primary_key: bool = False, nullable: bool = False) -> Column[Any]:
    """An id of ours."""
    return Column(UUID(as_uuid=False), primary_key=primary_key, nullable=nullable)


def text_column(*, primary_key: bool = False, nullable: bool = False) -> Column[Any]:
    """A word, or an id of the catalogue: nothing that a person has written."""
    return Column(Text, primary_key=primary_key, nullable=nullable, info=WORD)


def instant_column(*, nullable: bool = False) -> Column[Any]:
    """A moment."""
    return Column(DateTime(timezone=True), nullable=nullable)


def personal_column() -> Column[Any]:
    """What names or reaches a person."""
    return Column(Text, info=ERASED)


def number_column(*, nullable: bool = False) -> Column[Any]:
    """A whole number."""
    return Column(Integer, nullable=nullable)


def large_number_column() -> Column[Any]:
    """A whole number of 63 bits."""
    return Column(BigInteger, nullable=False)
