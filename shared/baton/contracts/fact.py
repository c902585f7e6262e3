"""What every event's data has in common: closed when we write, tolerant when we read."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)


Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
"""A UUID as text, or the id of something in the catalogue."""

Instant = Annotated[datetime, AfterValidator(_in_utc)]
"""A moment with its time zone; UTC inside."""

Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
"""An ISO 4217 code."""

TraitValue = str | bool | int | float
"""A trait that a source has declared. It identifies nobody."""


class Fact(BaseModel):
    """An event's data: frozen, in the past tense, complete for its hearers.

    Read tolerantly (unknown fields of a newer version are passed over); written closed, because
    the only way to make one is to name its fields and a typing error is a mypy error.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_inf_nan="constants")

    @classmethod
    def published_schema(cls) -> dict[str, Any]:
        """The JSON Schema that is published: closed, so a writer's stray field is a violation."""
        schema = cls.model_json_schema(mode="serialization")
        return {**schema, "additionalProperties": False}
