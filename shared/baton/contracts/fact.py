"""What every event's data has in common: closed when we write, tolerant when we read."""

from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Self

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
    def trusted(cls, **values: object) -> Self:
        """Make a fact of values that were checked where they came in; nothing is checked again.

        For hot paths: validating costs as much as all the rest of saying it. Fields that are left
        out get their defaults, which must not be made by a factory.
        """
        fact = cls.__new__(cls)
        object.__setattr__(fact, "__dict__", {**_defaults(cls), **values})
        object.__setattr__(fact, "__pydantic_fields_set__", set(values))
        object.__setattr__(fact, "__pydantic_extra__", None)
        object.__setattr__(fact, "__pydantic_private__", None)
        return fact

    @classmethod
    def published_schema(cls) -> dict[str, Any]:
        """The JSON Schema that is published: closed, so a writer's stray field is a violation."""
        schema = cls.model_json_schema(mode="serialization")
        return {**schema, "additionalProperties": False}


@cache
def _defaults(fact: type[Fact]) -> dict[str, object]:
    return {
        name: field.default
        for name, field in fact.model_fields.items()
        if not field.is_required() and field.default_factory is None
    }
