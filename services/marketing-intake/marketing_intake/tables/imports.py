"""Imports as rows: what is known of a file, the file while it is read, and what was refused."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from marketing_intake.tables.base import Base, at_field, id_field, word_field

DELETED_LATER: Final = {"personal": "deleted after days, see settings"}
DELETED_AT_END: Final = {"personal": "deleted when the import has come to an end"}


class ImportRow(Base, table=True):
    """A file of leads: how it is laid out, and how far it has come."""

    __tablename__ = "imports"
    __table_args__ = (
        Index("imports_key", "source_id", "key_hash", unique=True),
        Index("imports_open", "turn_at", postgresql_where=text("status in ('waiting', 'running')")),
    )

    id: str = id_field(is_key=True)
    source_id: str = id_field()
    name: str = Field(sa_column=Column(Text, nullable=False, info=DELETED_LATER))
    status: str = word_field()
    layout: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False, info=DELETED_LATER))
    encoding: str | None = word_field(is_optional=True)
    size_bytes: int = Field(sa_column=Column(BigInteger, nullable=False, server_default=text("0")))
    position: int = Field(sa_column=Column(BigInteger, nullable=False, server_default=text("0")))
    rows: int = Field(sa_column=Column(BigInteger, nullable=False, server_default=text("0")))
    taken: int = Field(sa_column=Column(BigInteger, nullable=False, server_default=text("0")))
    refused: int = Field(sa_column=Column(BigInteger, nullable=False, server_default=text("0")))
    suppressed: int = Field(sa_column=Column(BigInteger, nullable=False, server_default=text("0")))
    reason: str | None = word_field(is_optional=True)
    who: str = word_field()
    traceparent: str | None = word_field(is_optional=True)
    key_hash: bytes | None = Field(sa_column=Column(LargeBinary, info=DELETED_LATER))
    fingerprint: bytes | None = Field(sa_column=Column(LargeBinary, info=DELETED_LATER))
    runner: str | None = id_field(is_optional=True)
    turn_at: datetime = at_field()
    created_at: datetime = at_field()
    started_at: datetime | None = at_field(is_optional=True)
    ended_at: datetime | None = at_field(is_optional=True)


class ImportChunkRow(Base, table=True):
    """A piece of a file, as UTF-8; all but the last have the same size."""

    __tablename__ = "import_chunks"

    import_id: str = id_field(is_key=True)
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False, info=DELETED_AT_END))


class ImportRefusalRow(Base, table=True):
    """A row that was not taken, and the payload that says why; rows are counted from 1."""

    __tablename__ = "import_refusals"
    __table_args__ = (Index("import_refusals_payload", "payload_id"),)

    import_id: str = id_field(is_key=True)
    row: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    payload_id: str = id_field()
