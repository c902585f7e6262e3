"""Prospects, their leads, offers, outcomes and steps, and the beat."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    Column,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from sales_routing.tables.base import (
    WORD,
    Base,
    instant_column,
    large_number_column,
    number_column,
    text_column,
    uuid_column,
)

OPEN_STATES: Final = "state in ('waiting', 'offered', 'accepted')"


class ProspectRow(Base, table=True):
    """A prospect. Which columns say something depends on `state`, as `domain.prospect` has it."""

    __tablename__ = "prospects"
    __table_args__ = (
        Index("prospects_person", "person_id"),
        Index(
            "prospects_one_open",
            "person_id",
            unique=True,
            postgresql_where=text(OPEN_STATES),
        ),
        Index(
            "prospects_waiting",
            "pool_id",
            "received_at",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("prospects_due", "due_at", postgresql_where=text("state = 'waiting'")),
    )

    id: str = Field(sa_column=uuid_column(primary_key=True))
    person_id: str = Field(sa_column=uuid_column())
    state: str = Field(sa_column=text_column())
    before_state: str | None = Field(sa_column=text_column(nullable=True))
    superseded_by: str | None = Field(sa_column=uuid_column(nullable=True))
    rep_id: str | None = Field(sa_column=uuid_column(nullable=True))
    offer_id: str | None = Field(sa_column=uuid_column(nullable=True))
    reason: str | None = Field(sa_column=text_column(nullable=True))
    due_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    pool_id: str | None = Field(sa_column=uuid_column(nullable=True))
    is_said: bool
    tried: list[str] = Field(sa_column=Column(JSONB, nullable=False, info=WORD))
    stage: str | None = Field(sa_column=text_column(nullable=True))
    profile: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False, info=WORD))
    received_at: datetime = Field(sa_column=instant_column())
    opened_at: datetime = Field(sa_column=instant_column())
    changed_at: datetime = Field(sa_column=instant_column())
    correlation_id: str = Field(sa_column=text_column())
    traceparent: str | None = Field(sa_column=text_column(nullable=True))


class ProspectLeadRow(Base, table=True):
    """A qualified lead and the prospect that it is in; its state is that prospect's."""

    __tablename__ = "prospect_leads"
    __table_args__ = (Index("prospect_leads_prospect", "prospect_id"),)

    lead_id: str = Field(sa_column=uuid_column(primary_key=True))
    person_id: str = Field(sa_column=uuid_column())
    prospect_id: str = Field(sa_column=uuid_column())
    home_id: str = Field(sa_column=uuid_column())
    proposed_id: str = Field(sa_column=uuid_column())
    received_at: datetime = Field(sa_column=instant_column())


class OfferRow(Base, table=True):
    """An offer and what became of it."""

    __tablename__ = "offers"
    __table_args__ = (
        Index(
            "offers_one_open", "prospect_id", unique=True, postgresql_where=text("state = 'open'")
        ),
        Index("offers_deadline", "deadline", postgresql_where=text("state = 'open'")),
        Index("offers_prospect", "prospect_id"),
    )

    id: str = Field(sa_column=uuid_column(primary_key=True))
    prospect_id: str = Field(sa_column=uuid_column())
    rep_id: str = Field(sa_column=uuid_column())
    pool_id: str = Field(sa_column=uuid_column())
    decision_number: int = Field(sa_column=large_number_column())
    role: str = Field(sa_column=text_column())
    state: str = Field(sa_column=text_column())
    offered_at: datetime = Field(sa_column=instant_column())
    deadline: datetime = Field(sa_column=instant_column())
    answered_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    decline_reason: str | None = Field(sa_column=text_column(nullable=True))


class OutcomeRow(Base, table=True):
    """One version of how a deal ended, as it was reported. Never changed, only followed."""

    __tablename__ = "outcomes"

    prospect_id: str = Field(sa_column=uuid_column(primary_key=True))
    deal_id: str = Field(sa_column=text_column(primary_key=True))
    version: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    outcome: str = Field(sa_column=text_column())
    amount: Decimal | None = Field(sa_column=Column(Numeric))
    currency: str | None = Field(sa_column=text_column(nullable=True))
    reason: str | None = Field(sa_column=text_column(nullable=True))
    rep_id: str | None = Field(sa_column=uuid_column(nullable=True))
    closed_at: datetime = Field(sa_column=instant_column())
    recorded_at: datetime = Field(sa_column=instant_column())


class HandoffStepRow(Base, table=True):
    """One event that was said of a prospect. Append-only: the books are closed against it."""

    __tablename__ = "handoff_steps"
    __table_args__ = (Index("handoff_steps_at", "at"),)

    event_id: str = Field(sa_column=uuid_column(primary_key=True))
    type: str = Field(sa_column=text_column())
    prospect_id: str = Field(sa_column=uuid_column())
    at: datetime = Field(sa_column=instant_column())
    rep_id: str | None = Field(sa_column=uuid_column(nullable=True))
    actor: str = Field(sa_column=text_column())


class HeartbeatRow(Base, table=True):
    """When the service last showed that it can answer; one row."""

    __tablename__ = "heartbeat"

    id: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    beat_at: datetime = Field(sa_column=instant_column())
    standstills: int = Field(sa_column=number_column())
    shifted_deadlines: int = Field(sa_column=large_number_column())
