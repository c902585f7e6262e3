"""The parts of a policy's document that conditions are written with, and what all parts share."""

from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StringConstraints,
)

from baton.contracts.vocabulary import Field as GivenField
from baton.http import storable
from lead_scoring.domain.facts import FACTS_MAX

POINTS_MAX: Final = 1000
CONDITIONS_MAX: Final = 10
VALUES_MAX: Final = 200
TEXT_CHARACTERS_MAX: Final = 200
NUMBER_MAX: Final = 1e15
"""As large as a number among the traits can be."""
DAYS_MAX: Final = 1000
"""As long as anything can matter. A longer half-life would change a score by less than its last
digit in a microsecond, and when a line is crossed could not be said exactly."""

Points = Annotated[StrictInt | StrictFloat, Field(ge=-POINTS_MAX, le=POINTS_MAX)]
Number = Annotated[StrictInt | StrictFloat, Field(ge=-NUMBER_MAX, le=NUMBER_MAX)]
Days = Annotated[StrictInt | StrictFloat, Field(gt=0, le=DAYS_MAX)]
Times = Annotated[StrictInt, Field(ge=1, le=FACTS_MAX)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,60}$")]
Text = Annotated[
    str, StringConstraints(min_length=1, max_length=TEXT_CHARACTERS_MAX), AfterValidator(storable)
]
Value = Text | StrictBool
Values = Annotated[tuple[Value, ...], Field(min_length=1, max_length=VALUES_MAX)]
Attribute = Annotated[
    str,
    StringConstraints(
        pattern=r"^(source|campaign|call_to_action|channel|email_kind|seniority|department|country"
        r"|is_returning|trait:.{1,100})$"
    ),
    AfterValidator(storable),
]


class Closed(BaseModel):
    """A part of the document; what it does not know is a mistake, not an extension."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)


class IsOneOf(Closed):
    """The attribute is known and one of these."""

    attribute: Attribute
    any_of: Values


class IsNoneOf(Closed):
    """The attribute is unknown, or none of these."""

    attribute: Attribute
    none_of: Values


class IsBetween(Closed):
    """The attribute is a number in this range; both ends count."""

    attribute: Attribute
    at_least: Number = -NUMBER_MAX
    at_most: Number = NUMBER_MAX


class IsGiven(Closed):
    """The person gave one of these fields."""

    gave_any_of: Annotated[tuple[GivenField, ...], Field(min_length=1)]


class IsNotGiven(Closed):
    """The person gave none of these fields."""

    gave_none_of: Annotated[tuple[GivenField, ...], Field(min_length=1)]


ConditionDocument = IsOneOf | IsNoneOf | IsBetween | IsGiven | IsNotGiven
When = Annotated[tuple[ConditionDocument, ...], Field(max_length=CONDITIONS_MAX)]
