"""What campaigns cost and ask for, and what sales said of pursuits, as rows."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Column, Date, Index, Integer, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlmodel import Field

from marketing_intake.tables.base import Base, at_field, id_field, word_field


class CallToActionRow(Base, table=True):
    """What a campaign asks people to do."""

    __tablename__ = "calls_to_action"
    __table_args__ = (Index("calls_to_action_campaign", "campaign_id"),)

    id: str = word_field(is_key=True)
    campaign_id: str = id_field()
    title: str = Field(sa_column=Column(Text, nullable=False))
    audience: int | None = Field(sa_column=Column(BigInteger))
    created_at: datetime = at_field()


class CampaignCostRow(Base, table=True):
    """What was spent for a campaign on one day; another entry corrects it."""

    __tablename__ = "campaign_costs"
    __table_args__ = (Index("campaign_costs_spent", "spent_on"),)

    campaign_id: str = id_field(is_key=True)
    reference: str = Field(sa_column=Column(Text, primary_key=True))
    spent_on: date = Field(sa_column=Column(Date, nullable=False))
    amount: Decimal = Field(sa_column=Column(Numeric(18, 4), nullable=False))
    currency: str = word_field()
    channel: str | None = word_field(is_optional=True)
    note: str | None = Field(sa_column=Column(Text))
    recorded_at: datetime = at_field()


class PursuitStepRow(Base, table=True):
    """A prospect was accepted, or closed in some version: what reports count, as it was said."""

    __tablename__ = "pursuit_steps"
    __table_args__ = (
        Index("pursuit_steps_person", "person_id", "reached", "happened_at"),
        Index("pursuit_steps_happened", "happened_at"),
    )

    event_id: str = id_field(is_key=True)
    prospect_id: str = id_field()
    person_id: str = id_field()
    reached: str = word_field()
    happened_at: datetime = at_field()
    recorded_at: datetime = at_field()
    lead_ids: list[str] = Field(sa_column=Column(ARRAY(UUID), nullable=False))
    deal_id: str | None = Field(sa_column=Column(Text))
    version: int | None = Field(sa_column=Column(Integer))
    reason: str | None = word_field(is_optional=True)
    amount: Decimal | None = Field(sa_column=Column(Numeric(18, 4)))
    currency: str | None = word_field(is_optional=True)
