"""Sources and campaigns as rows."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, Numeric, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from marketing_intake.tables.base import Base, at_field, id_field, word_field


class SourceRow(Base, table=True):
    """A source of leads: a form, a tool, a file."""

    __tablename__ = "sources"

    id: str = id_field(is_key=True)
    name: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    kind: str = Field(sa_column=Column(Text, nullable=False))
    channel: str = Field(sa_column=Column(Text, nullable=False))
    is_active: bool = Field(sa_column=Column(Boolean, nullable=False))
    form_key: str | None = Field(sa_column=Column(Text, unique=True))
    redirects: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    honeypot: str = Field(sa_column=Column(Text, nullable=False))
    declared: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    cost_per_lead: Decimal | None = Field(sa_column=Column(Numeric(18, 4)))
    currency: str | None = Field(sa_column=Column(Text))
    created_at: datetime = at_field()
    role: str = Field(sa_column=Column(Text, nullable=False, server_default=text("'campaign'")))
    vendor: str | None = word_field(is_optional=True)
    config: dict[str, Any] = Field(
        sa_column=Column(JSONB, nullable=False, server_default=text("'{}'"))
    )
    secrets: list[bytes] = Field(
        sa_column=Column(ARRAY(LargeBinary), nullable=False, server_default=text("'{}'"))
    )
    contract_version: int = Field(
        sa_column=Column(Integer, nullable=False, server_default=text("1"))
    )
    terms: dict[str, Any] = Field(
        sa_column=Column(JSONB, nullable=False, server_default=text("'{}'"))
    )


class CampaignRow(Base, table=True):
    """A campaign of the catalogue."""

    __tablename__ = "campaigns"

    id: str = id_field(is_key=True)
    name: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    created_at: datetime = at_field()
    starts_on: date | None = Field(sa_column=Column(Date))
    ends_on: date | None = Field(sa_column=Column(Date))
    owner: str | None = Field(sa_column=Column(Text))
    target: list[dict[str, Any]] = Field(
        sa_column=Column(JSONB, nullable=False, server_default=text("'[]'"))
    )
