"""What all rows share: the metadata, and fields by kind."""

from typing import Any, Final

from sqlalchemy import Column, DateTime, MetaData, Text
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

METADATA: Final = MetaData()
ERASED: Final = {"personal": "blanked or deleted by DELETE /v1/people/{id}"}
WORD: Final = {"word": True}
"""What is said of a column that holds nothing which names, reaches or was written by a person."""


class Base(SQLModel, registry=registry(metadata=METADATA)):
    """What all rows of this service have in common: their metadata."""


def id_field(*, is_key: bool = False, is_optional: bool = False) -> Any:  # noqa: ANN401 SQLModel's Field
    """An id of ours."""
    return Field(sa_column=Column(UUID, primary_key=is_key, nullable=is_optional))


def at_field(*, is_optional: bool = False) -> Any:  # noqa: ANN401 as above
    """A moment."""
    return Field(sa_column=Column(DateTime(timezone=True), nullable=is_optional))


def word_field(*, is_key: bool = False, is_optional: bool = False) -> Any:  # noqa: ANN401 as above
    """A word of ours, or an id of the catalogue: nothing that a person has written."""
    return Field(sa_column=Column(Text, primary_key=is_key, nullable=is_optional, info=WORD))
