"""Activities that were taken back, and what that changed, as rows."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from marketing_intake.tables.base import ERASED, Base, at_field, id_field, word_field


class RetractionRow(Base, table=True):
    """An activity that is taken back, once: by a rule (`suspicion`) or by hand (`reason`).

    `event_id` is the fact that said so; it and its correlation are what follows is known by.
    """

    __tablename__ = "retractions"
    __table_args__ = (
        Index("retractions_event", "event_id", unique=True),
        Index("retractions_correlation", "correlation_id", unique=True),
        Index("retractions_person", "person_id"),
    )

    activity_id: str = id_field(is_key=True)
    event_id: str = id_field()
    correlation_id: str = id_field()
    person_id: str = id_field()
    suspicion: str | None = word_field(is_optional=True)
    reason: str | None = Field(sa_column=Column(Text, info=ERASED))
    who: str = word_field()
    retracted_at: datetime = at_field()


class RetractionEffectRow(Base, table=True):
    """What scoring or sales said because of a retraction."""

    __tablename__ = "retraction_effects"
    __table_args__ = (Index("retraction_effects_of", "retraction_id"),)

    event_id: str = id_field(is_key=True)
    retraction_id: str = id_field()
    type: str = word_field()
    lead_id: str | None = id_field(is_optional=True)
    prospect_id: str | None = id_field(is_optional=True)
    happened_at: datetime = at_field()
    heard_at: datetime = at_field()
