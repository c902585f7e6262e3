"""The shapes of reports, and the period that they are asked for."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import Depends, Query
from pydantic import AwareDatetime, BaseModel

from baton.contracts.vocabulary import Channel, ClosureReason
from baton.errors import Refused
from marketing_intake.domain import numbers
from marketing_intake.domain.attribution import Model, Reached
from marketing_intake.domain.numbers import By, Line, Money
from marketing_intake.domain.period import Period


class SourceLine(BaseModel):
    """One source and channel."""

    source_id: str
    source: str
    channel: Channel
    leads: int
    qualified: int
    accepted: int
    won: int
    lost: int
    disqualified: int
    conversion: float
    amounts: dict[str, Decimal]


class SourceReport(BaseModel):
    """What sources brought, for leads that happened from `since` (included) to `until`."""

    since: datetime | None
    until: datetime | None
    lines: list[SourceLine]


class CreditLine(BaseModel):
    """What one source, channel or campaign is credited with, what it cost, and what is left.

    A key of null is what nobody is credited with. Counts have parts, where touches share. What one
    costs is null while there is none.
    """

    key: str | None
    name: str | None
    leads: Decimal
    accepted: Decimal
    won: Decimal
    lost: Decimal
    disqualified: Decimal
    amounts: dict[str, Decimal]
    costs: dict[str, Decimal]
    margin: dict[str, Decimal]
    cost_per_lead: dict[str, Decimal] | None
    cost_per_accepted: dict[str, Decimal] | None
    cost_per_won: dict[str, Decimal] | None


class DatedReport(BaseModel):
    """The period, and the day from which the report looks back."""

    since: datetime | None
    until: datetime | None
    as_of: date | None


class AttributionReport(DatedReport):
    """Everything that was reached in the period, each thing by when it happened, and credited."""

    model: Model
    by: By
    lines: list[CreditLine]
    total: CreditLine


class CampaignLine(CreditLine):
    """A campaign: whether it reached whom it is meant for, besides.

    `target_share` is of the leads of which it can be said; null when it can be said of none.
    """

    starts_on: date | None = None
    ends_on: date | None = None
    owner: str | None = None
    inside_target: int | None = None
    outside_target: int | None = None
    unknown_target: int | None = None
    target_share: Decimal | None = None


class CampaignReport(DatedReport):
    """Every campaign; the line of null is what came without one."""

    model: Model
    lines: list[CampaignLine]
    total: CreditLine


class ReasonLine(BaseModel):
    """How many pursuits ended so, for this reason (null: sales gave none), by whom they came."""

    key: str | None
    name: str | None
    outcome: Reached
    reason: ClosureReason | None
    prospects: Decimal


class ReasonReport(DatedReport):
    """The reasons that sales gave for what was not sold."""

    model: Model
    by: By
    lines: list[ReasonLine]


class CallLine(BaseModel):
    """One call to action: how many people it was put before, and how many answered.

    `reached` is the stated audience, or who was seen to meet it; null when nobody knows.
    """

    call_to_action: str
    title: str
    campaign_id: str
    campaign: str
    leads: int
    answered: int
    reached: int | None
    response_rate: Decimal | None


class CallReport(DatedReport):
    """Every call to action. Answers are people with a lead, or with more than a glance."""

    lines: list[CallLine]


def asked_span(
    since: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to")] = None,
) -> Period:
    """The span that is asked for. Raises `Refused` when it ends before it begins."""
    if since is not None and until is not None and since >= until:
        raise Refused("from must lie before to", field="from")
    return Period(since, until)


def asked_period(
    span: Annotated[Period, Depends(asked_span)],
    as_of: Annotated[
        date | None, Query(description="counts what had happened by the end of this day, in UTC")
    ] = None,
) -> Period:
    """The span, and the day from which the report looks back. Raises `Refused`."""
    if as_of == date.max:
        raise Refused("must be a day with a day after it", field="as_of")
    return replace(span, as_of=as_of)


def credit_line(key: str | None, name: str | None, line: Line, costs: Money) -> CreditLine:
    """A line with its costs."""
    leads, accepted = line.count(Reached.LEAD), line.count(Reached.ACCEPTED)
    won = line.count(Reached.WON)
    return CreditLine(
        key=key,
        name=name,
        leads=leads,
        accepted=accepted,
        won=won,
        lost=line.count(Reached.LOST),
        disqualified=line.count(Reached.DISQUALIFIED),
        amounts=numbers.in_units(line.amounts),
        costs=numbers.in_units(costs),
        margin=numbers.in_units(numbers.margin(line.amounts, costs)),
        cost_per_lead=numbers.per_one(costs, leads),
        cost_per_accepted=numbers.per_one(costs, accepted),
        cost_per_won=numbers.per_one(costs, won),
    )
