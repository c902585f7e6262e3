"""What all rows of this service have in common: their metadata and the kinds of their columns."""

from typing import Any, Final

from sqlalchemy import Column, DateTime, Integer, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

METADATA: Final = MetaData()
WORD: Final = {"word": True}
"""Holds nothing that names, reaches or was written by a person: a test wants each column marked."""


class Base(SQLModel, registry=registry(metadata=METADATA)):
    """What all rows of this service have in common: their metadata."""


def id_column(*, primary_key: bool = False, nullable: bool = False) -> Column[Any]:
    """An id."""
    return Column(UUID(as_uuid=False), primary_key=primary_key, nullable=nullable)


def text_column(*, primary_key: bool = False, nullable: bool = False) -> Column[Any]:
    """A word of ours, or an id: nothing that a person has written."""
    return Column(Text, primary_key=primary_key, nullable=nullable, info=WORD)


def integer_column(*, primary_key: bool = False) -> Column[Any]:
    """A whole number that others give."""
    return Column(Integer, primary_key=primary_key, nullable=False, autoincrement=False)


def time_column(*, nullable: bool = False) -> Column[Any]:
    """A moment."""
    return Column(DateTime(timezone=True), nullable=nullable)


def json_column(*, nullable: bool = False) -> Column[Any]:
    """A document of ours, or a fact as it was heard, which names nobody."""
    return Column(JSONB, nullable=nullable, info=WORD)
