"""The shape of an activity as tools send it, and how it is read."""

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)
from pydantic import Field as Described

from baton.contracts.vocabulary import ActivityKind, Channel, ConsentPurpose
from marketing_intake.domain.draft import Draft, Failure, RefusedDraft
from marketing_intake.domain.source import Source
from marketing_intake.reading.drafts import ANONYMOUS, draft_of_finding
from marketing_intake.reading.findings import FoundActivity
from marketing_intake.reading.json_lead import refusal_of
from marketing_intake.reading.lead_form import GivenTrait, Short, Url

ACTIVITY_BYTES_MAX: Final = 64 * 1024
WHO: Final = (
    *("email", "phone", "external_id", ANONYMOUS, "name", "given_name", "family_name"),
    *("company", "job_title", "country", "channel", "traits"),
)
BY_KIND: Final = {
    ActivityKind.UNSUBSCRIBED: (ConsentPurpose.MARKETING,),
    ActivityKind.SPAM_REPORTED: (ConsentPurpose.MARKETING,),
}
"""What somebody withdraws by what they did, where the sender does not say it."""


class ActivityForm(BaseModel):
    """An activity: its kind, and at least one of `email`, `phone`, `external_id`, `anonymous_id`.

    Whoever is anonymous is joined with the person who is known by the same id later.
    """

    model_config = ConfigDict(
        extra="allow",
        frozen=True,
        hide_input_in_errors=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "evt-1",
                    "kind": "page_viewed",
                    "anonymous_id": "a-7f3c",
                    "occurred_at": "2026-05-04T11:59:00Z",
                    "url": "https://shop.example/ovens",
                }
            ]
        },
    )

    id: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Described(
        default=None, description="the sender's own id of it; sent again it is recorded once"
    )
    kind: ActivityKind
    email: Annotated[str, StringConstraints(max_length=320, strip_whitespace=True)] | None = None
    phone: Annotated[str, StringConstraints(max_length=50, strip_whitespace=True)] | None = None
    external_id: Short | None = None
    anonymous_id: Short | None = None
    name: Short | None = None
    given_name: Short | None = None
    family_name: Short | None = None
    company: Short | None = None
    job_title: Short | None = None
    country: Annotated[str, StringConstraints(pattern="^[A-Za-z]{2}$", to_upper=True)] | None = None
    channel: Channel | None = None
    campaign: Short | None = None
    call_to_action: Short | None = Described(default=None, description="the id of what was met")
    occurred_at: AwareDatetime | None = Described(default=None, description="not in the future")
    subject: Short | None = Described(default=None, description="what it was about, in words")
    message_id: Short | None = Described(default=None, description="the message that was opened")
    url: Url | None = None
    user_agent: Annotated[str, StringConstraints(max_length=1000)] | None = None
    ip: Annotated[str, StringConstraints(max_length=45)] | None = None
    traits: dict[str, GivenTrait] | None = Described(default=None, max_length=50)
    withdraws: list[ConsentPurpose] | None = Described(default=None, max_length=10)
    grants: list[ConsentPurpose] | None = Described(default=None, max_length=10)


FORM: Final = TypeAdapter(ActivityForm)


def read_activity(
    body: bytes, source: Source, now: datetime, region: str
) -> tuple[Draft, str | None]:
    """An activity from a JSON object's bytes, and the sender's own id of it."""
    if len(body) > ACTIVITY_BYTES_MAX:
        detail = f"an activity may have {ACTIVITY_BYTES_MAX} bytes"
        return RefusedDraft("too-large", None, detail, 413, Failure.LIMIT), None
    try:
        form = FORM.validate_json(body)
    except ValidationError as error:
        return refusal_of(error), None
    return draft_of_finding(_finding(form), source, now, region), form.id


def _finding(form: ActivityForm) -> FoundActivity:
    given: dict[str, Any] = {n: v for n in WHO if (v := getattr(form, n)) is not None}
    withdraws = BY_KIND.get(form.kind, ()) if form.withdraws is None else form.withdraws
    return FoundActivity(
        kind=form.kind,
        who=given,
        key=form.id,
        occurred_at=None if form.occurred_at is None else form.occurred_at.isoformat(),
        name=form.subject,
        campaign=form.campaign,
        call_to_action=form.call_to_action,
        message_id=form.message_id,
        url=form.url,
        user_agent=form.user_agent,
        ip=form.ip,
        withdraws=tuple(withdraws),
        grants=tuple(form.grants or ()),
        details=form.model_extra or {},
    )
