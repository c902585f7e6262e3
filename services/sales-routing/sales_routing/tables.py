"""The rows of sales-routing, on its own metadata. Who is not in `domain` is not a word here.

Columns that may hold personal data are marked with how they are erased. References between the
rows of the hot way are kept by the transactions and proved by tests, not by foreign keys: a check
per row and table would cost a tenth of the way.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from baton.tables import frame_tables

METADATA: Final = MetaData()
ERASED: Final = {"personal": "blanked when PersonErased or a card's tombstone is heard"}
STAFF: Final = {"personal": "overwritten by PATCH /v1/reps when a rep leaves"}
OPEN_STATES: Final = "state in ('waiting', 'offered', 'accepted')"


class Base(SQLModel, registry=registry(metadata=METADATA)):
    """What all rows of this service have in common: their metadata."""


def _id(*, primary_key: bool = False, nullable: bool = False) -> Column[Any]:
    return Column(UUID(as_uuid=False), primary_key=primary_key, nullable=nullable)


def _text(*, primary_key: bool = False, nullable: bool = False) -> Column[Any]:
    return Column(Text, primary_key=primary_key, nullable=nullable)


def _at(*, nullable: bool = False) -> Column[Any]:
    return Column(DateTime(timezone=True), nullable=nullable)


def _personal() -> Column[Any]:
    return Column(Text, info=ERASED)


class RepRow(Base, table=True):
    """A rep. `open` is how many prospects they hold, kept by every transaction that changes it."""

    __tablename__ = "reps"

    id: str = Field(sa_column=_id(primary_key=True))
    name: str = Field(sa_column=Column(Text, nullable=False, info=STAFF))
    sign_in: str | None = Field(sa_column=Column(Text, unique=True, info=STAFF))
    team: str = Field(sa_column=_text())
    weight: int = Field(sa_column=Column(Integer, nullable=False))
    capacity: int | None = Field(sa_column=Column(Integer))
    is_available: bool
    is_active: bool
    open: int = Field(sa_column=Column(Integer, nullable=False))
    described: int = Field(sa_column=Column(Integer, nullable=False))
    """How often RepDescribed was said of them."""
    created_at: datetime = Field(sa_column=_at())


class PoolRow(Base, table=True):
    """A pool. `decision_number` is the last number of its log; the row is the lock of the log."""

    __tablename__ = "pools"

    id: str = Field(sa_column=_id(primary_key=True))
    name: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    accept_seconds: float | None = None
    decision_number: int = Field(sa_column=Column(BigInteger, nullable=False))
    created_at: datetime = Field(sa_column=_at())


class PoolMemberRow(Base, table=True):
    """How a rep stands in a pool. Who leaves keeps the row, so that who returns is not flooded."""

    __tablename__ = "pool_members"
    __table_args__ = (Index("pool_members_rep", "rep_id"),)

    pool_id: str = Field(
        sa_column=Column(UUID(as_uuid=False), ForeignKey("pools.id"), primary_key=True)
    )
    rep_id: str = Field(
        sa_column=Column(UUID(as_uuid=False), ForeignKey("reps.id"), primary_key=True)
    )
    is_member: bool
    received: int = Field(sa_column=Column(BigInteger, nullable=False))
    shortfall: int = Field(sa_column=Column(BigInteger, nullable=False))


class RulebookRow(Base, table=True):
    """The rules in force, in one row, which is also their lock. Older versions are in the audit."""

    __tablename__ = "rulebook"

    id: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    version: int = Field(sa_column=Column(Integer, nullable=False))
    document: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


class DecisionRow(Base, table=True):
    """An entry of a pool's log: a pick with its eligible set, or a change that later picks feel."""

    __tablename__ = "decisions"

    pool_id: str = Field(sa_column=_id(primary_key=True))
    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    kind: str = Field(sa_column=_text())
    at: datetime = Field(sa_column=_at())
    prospect_id: str | None = Field(sa_column=_id(nullable=True))
    rep_id: str | None = Field(sa_column=_id(nullable=True))
    eligible: bytes | None = Field(sa_column=Column(LargeBinary))
    document: dict[str, Any] | None = Field(sa_column=Column(JSONB))


class PersonRow(Base, table=True):
    """What was heard of a person: the contact card, consent, and whether they are forgotten."""

    __tablename__ = "people"

    person_id: str = Field(sa_column=_id(primary_key=True))
    card_version: int | None = Field(sa_column=Column(BigInteger))
    given_name: str | None = Field(sa_column=_personal())
    family_name: str | None = Field(sa_column=_personal())
    email: str | None = Field(sa_column=_personal())
    phone: str | None = Field(sa_column=_personal())
    company: str | None = Field(sa_column=_personal())
    job_title: str | None = Field(sa_column=_personal())
    country: str | None = Field(sa_column=_personal())
    message: str | None = Field(sa_column=_personal())
    page_url: str | None = Field(sa_column=_personal())
    external_ids: dict[str, str] | None = Field(sa_column=Column(JSONB, info=ERASED))
    consent_version: int = Field(
        sa_column=Column(BigInteger, nullable=False, server_default=text("0"))
    )
    refused_at: datetime | None = Field(sa_column=_at(nullable=True))
    erased_at: datetime | None = Field(sa_column=_at(nullable=True))


class MergeMemberRow(Base, table=True):
    """One person of a merge; an overlay that no other row is moved for."""

    __tablename__ = "merge_members"
    __table_args__ = (Index("merge_members_person", "person_id"),)

    merge_id: str = Field(sa_column=_id(primary_key=True))
    person_id: str = Field(sa_column=_id(primary_key=True))
    version: int = Field(sa_column=Column(BigInteger, nullable=False))
    is_active: bool


class SourceRow(Base, table=True):
    """The name of a source of the catalogue."""

    __tablename__ = "sources"

    id: str = Field(sa_column=_text(primary_key=True))
    name: str = Field(sa_column=_text())


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

    id: str = Field(sa_column=_id(primary_key=True))
    person_id: str = Field(sa_column=_id())
    state: str = Field(sa_column=_text())
    before_state: str | None = Field(sa_column=_text(nullable=True))
    superseded_by: str | None = Field(sa_column=_id(nullable=True))
    rep_id: str | None = Field(sa_column=_id(nullable=True))
    offer_id: str | None = Field(sa_column=_id(nullable=True))
    reason: str | None = Field(sa_column=_text(nullable=True))
    due_at: datetime | None = Field(sa_column=_at(nullable=True))
    pool_id: str | None = Field(sa_column=_id(nullable=True))
    is_said: bool
    tried: list[str] = Field(sa_column=Column(JSONB, nullable=False))
    stage: str | None = Field(sa_column=_text(nullable=True))
    profile: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    received_at: datetime = Field(sa_column=_at())
    opened_at: datetime = Field(sa_column=_at())
    changed_at: datetime = Field(sa_column=_at())
    correlation_id: str = Field(sa_column=_text())
    traceparent: str | None = Field(sa_column=_text(nullable=True))


class ProspectLeadRow(Base, table=True):
    """A qualified lead and the prospect that it is in; its state is that prospect's."""

    __tablename__ = "prospect_leads"
    __table_args__ = (Index("prospect_leads_prospect", "prospect_id"),)

    lead_id: str = Field(sa_column=_id(primary_key=True))
    person_id: str = Field(sa_column=_id())
    prospect_id: str = Field(sa_column=_id())
    home_id: str = Field(sa_column=_id())
    proposed_id: str = Field(sa_column=_id())
    received_at: datetime = Field(sa_column=_at())


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

    id: str = Field(sa_column=_id(primary_key=True))
    prospect_id: str = Field(sa_column=_id())
    rep_id: str = Field(sa_column=_id())
    pool_id: str = Field(sa_column=_id())
    decision_number: int = Field(sa_column=Column(BigInteger, nullable=False))
    role: str = Field(sa_column=_text())
    state: str = Field(sa_column=_text())
    offered_at: datetime = Field(sa_column=_at())
    deadline: datetime = Field(sa_column=_at())
    answered_at: datetime | None = Field(sa_column=_at(nullable=True))
    decline_reason: str | None = Field(sa_column=_text(nullable=True))


class OutcomeRow(Base, table=True):
    """One version of how a deal ended, as it was reported. Never changed, only followed."""

    __tablename__ = "outcomes"

    prospect_id: str = Field(sa_column=_id(primary_key=True))
    deal_id: str = Field(sa_column=_text(primary_key=True))
    version: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    outcome: str = Field(sa_column=_text())
    amount: Decimal | None = Field(sa_column=Column(Numeric))
    currency: str | None = Field(sa_column=_text(nullable=True))
    reason: str | None = Field(sa_column=_text(nullable=True))
    rep_id: str | None = Field(sa_column=_id(nullable=True))
    closed_at: datetime = Field(sa_column=_at())
    recorded_at: datetime = Field(sa_column=_at())


class HandoffStepRow(Base, table=True):
    """One event that was said of a prospect. Append-only: the books are closed against it."""

    __tablename__ = "handoff_steps"
    __table_args__ = (Index("handoff_steps_prospect", "prospect_id"),)

    event_id: str = Field(sa_column=_id(primary_key=True))
    type: str = Field(sa_column=_text())
    prospect_id: str = Field(sa_column=_id())
    at: datetime = Field(sa_column=_at())
    rep_id: str | None = Field(sa_column=_id(nullable=True))
    actor: str = Field(sa_column=_text())


class HeartbeatRow(Base, table=True):
    """When the service last showed that it can answer; one row."""

    __tablename__ = "heartbeat"

    id: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    beat_at: datetime = Field(sa_column=_at())
    standstills: int = Field(sa_column=Column(Integer, nullable=False))
    shifted_deadlines: int = Field(sa_column=Column(BigInteger, nullable=False))


frame_tables(METADATA)
