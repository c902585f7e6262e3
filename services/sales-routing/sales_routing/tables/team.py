"""Reps, pools, rules, and the log of what they led to."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlmodel import Field

from sales_routing.tables.base import (
    STAFF,
    WORD,
    Base,
    instant_column,
    large_number_column,
    number_column,
    text_column,
    uuid_column,
)


class RepRow(Base, table=True):
    """A rep. `open` is how many prospects they hold, kept by every transaction that changes it."""

    __tablename__ = "reps"

    id: str = Field(sa_column=uuid_column(primary_key=True))
    name: str = Field(sa_column=Column(Text, nullable=False, info=STAFF))
    sign_in: str | None = Field(sa_column=Column(Text, unique=True, info=STAFF))
    team: str = Field(sa_column=text_column())
    weight: int = Field(sa_column=number_column())
    capacity: int | None = Field(sa_column=number_column(nullable=True))
    is_available: bool
    is_active: bool
    open: int = Field(sa_column=number_column())
    described: int = Field(sa_column=number_column())
    """How often RepDescribed was said of them."""
    created_at: datetime = Field(sa_column=instant_column())


class PoolRow(Base, table=True):
    """A pool. `decision_number` is the last number of its log; the row is the lock of the log."""

    __tablename__ = "pools"

    id: str = Field(sa_column=uuid_column(primary_key=True))
    name: str = Field(sa_column=Column(Text, nullable=False, unique=True, info=WORD))
    accept_seconds: float | None = None
    decision_number: int = Field(sa_column=large_number_column())
    created_at: datetime = Field(sa_column=instant_column())


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
    received: int = Field(sa_column=large_number_column())
    shortfall: int = Field(sa_column=large_number_column())


class RulebookRow(Base, table=True):
    """The rules in force, in one row, which is also their lock. Older versions are in the audit."""

    __tablename__ = "rulebook"

    id: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    version: int = Field(sa_column=number_column())
    document: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False, info=WORD))


class DecisionRow(Base, table=True):
    """An entry of a pool's log: a pick with its eligible set, or a change that later picks feel."""

    __tablename__ = "decisions"

    pool_id: str = Field(sa_column=uuid_column(primary_key=True))
    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    kind: str = Field(sa_column=text_column())
    at: datetime = Field(sa_column=instant_column())
    prospect_id: str | None = Field(sa_column=uuid_column(nullable=True))
    rep_id: str | None = Field(sa_column=uuid_column(nullable=True))
    eligible: bytes | None = Field(sa_column=Column(LargeBinary, info=WORD))
    document: dict[str, Any] | None = Field(sa_column=Column(JSONB, info=WORD))
