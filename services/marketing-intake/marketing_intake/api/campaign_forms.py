"""The shapes of campaigns and their costs, as they come and go by HTTP."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Self

from fastapi.exceptions import RequestValidationError
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from baton.contracts.fact import Currency
from baton.contracts.marketing import CALLS_MAX
from baton.contracts.vocabulary import Channel
from baton.http import Line, storable
from baton.http.text import LINE_CHARACTERS_MAX
from baton.ids import new_id
from marketing_intake.domain.campaign import CallToAction, Campaign, CostEntry
from marketing_intake.domain.channels import ChannelGroup
from marketing_intake.domain.target import Between, Condition, OneOf
from marketing_intake.repository.campaigns import documents

CONDITIONS_MAX: Final = 20
VALUES_MAX: Final = 500
ENTRIES_MAX: Final = 1000
NUMBER_MAX: Final = 10**15
CallId = Annotated[str, StringConstraints(pattern="^[a-z0-9](-?[a-z0-9]){0,59}$")]
Attribute = Annotated[
    str,
    StringConstraints(
        pattern="^(country|seniority|department|email_kind|channel|trait:[a-z][a-z0-9_]{0,39})$"
    ),
]
Number = Annotated[float, Field(ge=-NUMBER_MAX, le=NUMBER_MAX, allow_inf_nan=False)]


class Closed(BaseModel):
    """A form without room for a field that is not known."""

    model_config = ConfigDict(extra="forbid")


def _value(value: object) -> object:
    if isinstance(value, bool | int | float) and abs(value) <= NUMBER_MAX:
        return value
    if isinstance(value, str) and 0 < len(value) <= LINE_CHARACTERS_MAX:
        return storable(value)
    raise PydanticCustomError("value", "must be a short text, a number, true or false")


Value = Annotated[
    str | bool | int | float,
    PlainValidator(_value),
    WithJsonSchema({"type": ["string", "boolean", "number"]}),
]
"""One validator, because a union's errors name its branches where a pointer names a field."""


class ConditionForm(Closed):
    """The attribute has one of these values, or is a number in this range; both ends count."""

    attribute: Attribute
    any_of: list[Value] | None = Field(default=None, min_length=1, max_length=VALUES_MAX)
    at_least: Number | None = None
    at_most: Number | None = None

    @model_validator(mode="after")
    def _has_one_form(self) -> Self:
        has_range = self.at_least is not None or self.at_most is not None
        if has_range == (self.any_of is not None):
            raise PydanticCustomError(
                "condition", "must have either any_of, or at_least or at_most"
            )
        return self


class CallForm(Closed):
    """What the campaign asks people to do; `id` is what leads and activities name."""

    id: CallId = Field(examples=["book-a-tasting"])
    title: Line
    audience: int | None = Field(
        default=None,
        ge=0,
        le=10**12,
        description="people it was put before, if nothing counts them",
    )


class CampaignPatch(Closed):
    """What is to be changed of a campaign; what is left out stays."""

    name: Line | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    owner: Line | None = Field(default=None, description="a desk or a sign-in name")
    target: list[ConditionForm] | None = Field(
        default=None, max_length=CONDITIONS_MAX, description="whom it is meant for: all must hold"
    )
    calls_to_action: list[CallForm] | None = Field(default=None, max_length=CALLS_MAX)


class CampaignForm(CampaignPatch):
    """A campaign to be made."""

    name: Line = Field(examples=["CRUMPET-SPRING-SALE"])


class CampaignMade(BaseModel):
    """Its id."""

    campaign_id: str


class CampaignView(BaseModel):
    """A campaign as it is."""

    campaign_id: str
    name: str
    starts_on: date | None
    ends_on: date | None
    owner: str | None
    target: list[dict[str, Any]]
    calls_to_action: list[CallForm]


class CostForm(Closed):
    """What was spent on one day. A correction is an entry of its own, below zero if need be."""

    spent_on: date
    amount: Decimal = Field(max_digits=18, decimal_places=4)
    currency: Currency
    channel: Channel | None = None
    note: Line | None = None
    reference: Line | None = Field(
        default=None, description="names the entry: with it, sending it again adds nothing"
    )


class CostsForm(Closed):
    """Entries to be added together."""

    entries: list[CostForm] = Field(min_length=1, max_length=ENTRIES_MAX)


class CostsKept(BaseModel):
    """How many entries are new, and how many were known."""

    added: int
    known: int


class CostView(BaseModel):
    """An entry."""

    reference: str
    spent_on: date
    amount: Decimal
    currency: str
    channel: Channel | None
    note: str | None
    recorded_at: datetime


class ChannelView(BaseModel):
    """A channel of the catalogue."""

    channel: Channel
    group: ChannelGroup
    title: str
    examples: list[str]


def campaign_of(form: CampaignForm) -> Campaign:
    """The campaign that is to be made, without an id yet."""
    return Campaign(id="", **changes_of(form))


def changes_of(form: CampaignPatch) -> Mapping[str, Any]:
    """The fields that are given, as the domain has them. A name can't be taken away."""
    given: dict[str, Any] = {name: getattr(form, name) for name in form.model_fields_set}
    if given.get("name", "") is None:
        del given["name"]
    if "target" in given:
        given["target"] = tuple(_condition(entry) for entry in form.target or ())
    if "calls_to_action" in given:
        calls = form.calls_to_action or ()
        given["calls_to_action"] = tuple(CallToAction(**dict(call)) for call in calls)
    return given


def entries_of(body: bytes) -> list[CostEntry]:
    """Entries from JSON. Raises what FastAPI answers with 422 and the field."""
    try:
        form = CostsForm.model_validate_json(body)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        raise RequestValidationError(
            [{**fault, "loc": ("body", *fault["loc"])} for fault in faults]
        ) from None
    return [
        CostEntry(**{**dict(entry), "reference": entry.reference or new_id()})
        for entry in form.entries
    ]


def view_of(campaign: Campaign) -> CampaignView:
    """The campaign as it is shown."""
    return CampaignView(
        campaign_id=campaign.id,
        name=campaign.name,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        owner=campaign.owner,
        target=documents(campaign.target),
        calls_to_action=[
            CallForm(id=call.id, title=call.title, audience=call.audience)
            for call in campaign.calls_to_action
        ],
    )


def _condition(form: ConditionForm) -> Condition:
    if form.any_of is not None:
        return OneOf(form.attribute, frozenset(form.any_of))
    at_least = -NUMBER_MAX if form.at_least is None else form.at_least
    return Between(form.attribute, at_least, NUMBER_MAX if form.at_most is None else form.at_most)
