"""Forms' public keys, and confirmations that are asked for, as rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from marketing_intake.tables.base import ERASED, Base, at_field, id_field, word_field


class FormKeyRow(Base, table=True):
    """A public key of a form: it can only create, and ends when it is revoked."""

    __tablename__ = "form_keys"
    __table_args__ = (Index("form_keys_source", "source_id"),)

    key: str = word_field(is_key=True)
    source_id: str = id_field()
    created_at: datetime = at_field()
    revoked_at: datetime | None = at_field(is_optional=True)


class OptInRow(Base, table=True):
    """A confirmation that a lead waits for, and the proof once it has come.

    `draft` is what the lead will say when it is confirmed; after that, and when it is too late, it
    is gone, with what its address was counted by. `token_hash` is of the link that was sent or,
    once confirmed, of the one that was used.
    """

    __tablename__ = "opt_ins"
    __table_args__ = (
        Index("opt_ins_address", "address_hash", "sent_at"),
        Index(
            "opt_ins_open",
            "created_at",
            postgresql_where=text("draft is not null"),
        ),
    )

    lead_id: str = id_field(is_key=True)
    person_id: str = id_field()
    source_id: str = id_field()
    created_at: datetime = at_field()
    draft: dict[str, Any] | None = Field(sa_column=Column(JSONB, info=ERASED))
    message: str = word_field()
    address_hash: bytes | None = Field(sa_column=Column(LargeBinary, info=ERASED))
    token_hash: bytes | None = Field(sa_column=Column(LargeBinary))
    sent_at: datetime | None = at_field(is_optional=True)
    confirmed_at: datetime | None = at_field(is_optional=True)
    how: str | None = word_field(is_optional=True)
