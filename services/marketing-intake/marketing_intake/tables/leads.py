"""Leads and what became of them, as rows."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, Float, Index, Integer, Numeric, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from marketing_intake.tables.base import ERASED, Base, at_field, id_field, word_field


class LeadRow(Base, table=True):
    """One thing that arrived, and what became of it as far as intake has heard."""

    __tablename__ = "leads"
    __table_args__ = (
        Index("leads_person", "person_id"),
        Index("leads_happened", "happened_at", postgresql_using="brin"),
    )

    id: str = id_field(is_key=True)
    person_id: str = id_field()
    source_id: str = id_field()
    campaign_id: str | None = id_field(is_optional=True)
    channel: str = Field(sa_column=Column(Text, nullable=False))
    received_at: datetime = at_field()
    happened_at: datetime = at_field()
    correlation_id: str = id_field()
    own_state: str = Field(sa_column=Column(Text, nullable=False))
    scoring_state: str | None = Field(sa_column=Column(Text))
    sales_state: str | None = Field(sa_column=Column(Text))
    state: str = Field(sa_column=Column(Text, nullable=False))
    was_qualified: bool = Field(
        sa_column=Column(Boolean, nullable=False, server_default=text("false"))
    )
    was_accepted: bool = Field(
        sa_column=Column(Boolean, nullable=False, server_default=text("false"))
    )
    fit: float | None = Field(sa_column=Column(Float(53)))
    engagement: float | None = Field(sa_column=Column(Float(53)))
    policy_version: int | None = Field(sa_column=Column(Integer))
    reasons: list[dict[str, Any]] | None = Field(sa_column=Column(JSONB))
    missing: list[str] | None = Field(sa_column=Column(ARRAY(Text)))
    prospect_id: str | None = id_field(is_optional=True)
    rep_id: str | None = id_field(is_optional=True)
    deal_id: str | None = Field(sa_column=Column(Text))
    deal_version: int | None = Field(sa_column=Column(Integer))
    outcome: str | None = Field(sa_column=Column(Text))
    closure_reason: str | None = Field(sa_column=Column(Text))
    amount: Decimal | None = Field(sa_column=Column(Numeric(18, 4)))
    currency: str | None = Field(sa_column=Column(Text))
    closed_at: datetime | None = at_field(is_optional=True)
    contract_version: int = Field(
        sa_column=Column(Integer, nullable=False, server_default=text("1"))
    )
    company_id: str | None = id_field(is_optional=True)
    call_to_action: str | None = word_field(is_optional=True)
    originator_id: str | None = id_field(is_optional=True)
    attributes: dict[str, Any] | None = Field(sa_column=Column(JSONB))
    is_returning: bool = Field(
        sa_column=Column(Boolean, nullable=False, server_default=text("false"))
    )
    details: dict[str, Any] | None = Field(sa_column=Column(JSONB, info=ERASED))


class LeadStepRow(Base, table=True):
    """One event of a lead's way, as intake heard it."""

    __tablename__ = "lead_steps"

    lead_id: str = id_field(is_key=True)
    event_id: str = id_field(is_key=True)
    type: str = Field(sa_column=Column(Text, nullable=False))
    happened_at: datetime = at_field()
    recorded_at: datetime = at_field()
    heard_at: datetime = at_field()


class RepRow(Base, table=True):
    """Who took a lead, by the name that sales gives them."""

    __tablename__ = "reps"

    id: str = id_field(is_key=True)
    name: str = Field(sa_column=Column(Text, nullable=False))
    team: str = Field(sa_column=Column(Text, nullable=False))
