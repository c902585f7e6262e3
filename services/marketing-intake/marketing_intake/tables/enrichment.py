"""Who is asked about companies, what they said, and what asking has cost, as rows."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, Index, Integer, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from marketing_intake.tables.base import WORD, Base, at_field, id_field, word_field


class EnrichmentProviderRow(Base, table=True):
    """A provider as it is configured; its key is sealed."""

    __tablename__ = "enrichment_providers"

    name: str = word_field(is_key=True)
    place: int = Field(sa_column=Column(Integer, nullable=False))
    settings: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False, info=WORD))
    api_key: bytes | None = Field(sa_column=Column(LargeBinary, info=WORD))


class EnrichmentAnswerRow(Base, table=True):
    """What a provider said of a company, for as long as that is good; of the unknown, nothing."""

    __tablename__ = "enrichment_answers"
    __table_args__ = (Index("enrichment_answers_expires", "expires_at"),)

    provider: str = word_field(is_key=True)
    company_id: str = id_field(is_key=True)
    traits: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False, info=WORD))
    fetched_at: datetime = at_field()
    expires_at: datetime = at_field()


class EnrichmentDayRow(Base, table=True):
    """How many questions a provider was asked on a day of UTC."""

    __tablename__ = "enrichment_days"

    provider: str = word_field(is_key=True)
    day: date = Field(sa_column=Column(Date, primary_key=True))
    asked: int = Field(sa_column=Column(Integer, nullable=False))


class LeadEnrichmentRow(Base, table=True):
    """What was said of a lead's company, once for each provider."""

    __tablename__ = "lead_enrichments"

    lead_id: str = id_field(is_key=True)
    provider: str = word_field(is_key=True)
    traits: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False, info=WORD))
    enriched_at: datetime = at_field()
