"""The shape of a lead as tools send it."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, PlainValidator, StringConstraints, WithJsonSchema
from pydantic import Field as Described
from pydantic_core import PydanticCustomError

from baton.contracts.vocabulary import Channel, ConsentPurpose

TRAITS_MAX: Final = 50

Short = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
ClickId = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]
Url = Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)]


def _scalar(value: object) -> object:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise PydanticCustomError("trait", "must be a text, a number, true, false or null")


GivenTrait = Annotated[
    str | bool | int | float | None,
    PlainValidator(_scalar),
    WithJsonSchema({"type": ["string", "boolean", "number", "null"]}),
]
"""One validator, because a union's errors name its branches where a pointer names a field."""


class LeadForm(BaseModel):
    """A lead: at least one of `email`, `phone`, `external_id`; further fields are kept."""

    model_config = ConfigDict(
        extra="allow",
        frozen=True,
        hide_input_in_errors=True,
        json_schema_extra={
            "examples": [
                {
                    "email": "ada@example.org",
                    "given_name": "Ada",
                    "company": "Crumpet & Sons",
                    "job_title": "Director of Baking",
                    "country": "GB",
                    "message": "Do you sell ovens?",
                    "campaign": "CRUMPET-SPRING-SALE",
                    "utm_source": "newsletter",
                    "consent": ["contact"],
                }
            ]
        },
    )

    email: Annotated[str, StringConstraints(max_length=320, strip_whitespace=True)] | None = None
    phone: Annotated[str, StringConstraints(max_length=50, strip_whitespace=True)] | None = None
    external_id: Short | None = Described(default=None, description="the source's own id")
    anonymous_id: Short | None = Described(
        default=None, description="what the browser was known by before; it says who by itself not"
    )
    name: Short | None = None
    given_name: Short | None = None
    family_name: Short | None = None
    company: Short | None = None
    job_title: Short | None = None
    country: Annotated[str, StringConstraints(pattern="^[A-Za-z]{2}$", to_upper=True)] | None = (
        Described(default=None, description="ISO 3166-1 alpha-2")
    )
    message: Annotated[str, StringConstraints(max_length=10_000)] | None = None
    campaign: Short | None = None
    call_to_action: Short | None = Described(
        default=None, description="the id of what was answered"
    )
    originator: Short | None = Described(
        default=None, description="the id of the rep, person or partner who brought it"
    )
    referred_by: Short | None = Described(
        default=None, description="who advised it: a person's id, or the source's own id of them"
    )
    utm_source: Short | None = None
    utm_medium: Short | None = None
    utm_campaign: Short | None = None
    utm_term: Short | None = None
    utm_content: Short | None = None
    gclid: ClickId | None = None
    fbclid: ClickId | None = None
    msclkid: ClickId | None = None
    li_fat_id: ClickId | None = None
    page_url: Url | None = None
    referrer: Url | None = None
    landing_page: Url | None = None
    channel: Channel | None = None
    consent: list[ConsentPurpose] | None = Described(default=None, max_length=10)
    consent_text: Annotated[str, StringConstraints(max_length=20_000)] | None = Described(
        default=None, description="the very text that was agreed to; its SHA-256 is kept"
    )
    consent_text_version: Short | None = None
    traits: dict[str, GivenTrait] | None = Described(
        default=None, max_length=TRAITS_MAX, description="only declared ones are used to score"
    )
    occurred_at: datetime | None = Described(default=None, description="not in the future")
    is_test: bool = False
