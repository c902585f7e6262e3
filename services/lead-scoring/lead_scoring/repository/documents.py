"""The policy as it is written down: the document that the door takes and the database keeps."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StringConstraints, model_validator

from baton.contracts.vocabulary import ActivityKind
from baton.contracts.vocabulary import Field as GivenField
from lead_scoring.domain.facts import FACTS_MAX
from lead_scoring.domain.policy import Aggregate, Group, RollUpOf, WithoutConsent
from lead_scoring.repository.condition_documents import (
    CONDITIONS_MAX,
    NUMBER_MAX,
    Closed,
    ConditionDocument,
    Days,
    Number,
    Points,
    RuleId,
    Text,
    Times,
    When,
)

RULES_MAX: Final = 200
SEGMENTS_MAX: Final = 50


class CompanyDocument(Closed):
    """A number over all people of the same company, the person among them; both ends count.

    Either a count of `people`, `leads` or `activities` (of some kinds), or an aggregate of the
    numbers that a trait has, each person's latest.
    """

    count_of: RollUpOf | None = None
    kinds: tuple[ActivityKind, ...] = ()
    aggregate: Aggregate | None = None
    attribute: Annotated[str, StringConstraints(pattern=r"^trait:.{1,100}$")] | None = None
    at_least: Number = -NUMBER_MAX
    at_most: Number = NUMBER_MAX

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        is_count = self.count_of is not None
        is_aggregate = self.aggregate is not None and self.attribute is not None
        if is_count == is_aggregate:
            raise ValueError("must be a count_of, or an aggregate of an attribute")
        if self.kinds and self.count_of is not RollUpOf.ACTIVITIES:
            raise ValueError("kinds belong to a count_of activities")
        return self


class RuleDocument(Closed):
    """Points for what is true; all conditions of `when` have to hold.

    A rule of `fit` looks at the whole person and counts once. A rule of `engagement` counts leads,
    or with `activities` those kinds of activities, in either group: there must be `at_least` to
    `at_most` (or `exactly`) of them that happened within the last `within_days` and at least
    `before_days` ago, and the points count for the newest `times_max` of them (1: once). A rule
    with a `company` looks at the person's company.

    `from_lead` and `to_lead` are the older way to write it: the points count for each lead from
    this one to that one.
    """

    id: RuleId = Field(examples=["business_email"])
    group: Group
    points: Points = Field(examples=[20])
    text: Text = Field(examples=["a business e-mail address"])
    when: When = ()
    activities: Annotated[tuple[ActivityKind, ...], Field(min_length=1)] | None = None
    at_least: Times | None = None
    at_most: Times | None = None
    exactly: Times | None = None
    within_days: Days | None = None
    before_days: Days | None = None
    times_max: Times = 1
    company: CompanyDocument | None = None
    from_lead: int = Field(default=1, ge=1, le=FACTS_MAX)
    to_lead: int = Field(default=1, ge=1, le=FACTS_MAX)

    @property
    def counts(self) -> bool:
        """Whether it counts what somebody did."""
        is_about_leads = self.group is Group.ENGAGEMENT and self.company is None
        return self.activities is not None or is_about_leads

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ranges = (self.at_least, self.at_most, self.exactly)
        has_new = any(one is not None for one in (*ranges, self.within_days, self.before_days))
        has_old = (self.from_lead, self.to_lead) != (1, 1)
        if self.company is not None and (self.activities or self.when or has_old):
            raise ValueError("a rule about the company counts nothing and has no other conditions")
        if (has_new or self.times_max > 1) and not self.counts:
            raise ValueError("frequencies and time frames are for rules that count what happened")
        if has_old and (has_new or self.times_max > 1 or self.activities):
            raise ValueError("from_lead and to_lead are for leads, and in place of the other ways")
        if self.exactly is not None and (self.at_least is not None or self.at_most is not None):
            raise ValueError("exactly is in place of at_least and at_most")
        return self


class DisqualifierDocument(Closed):
    """Somebody whom sales never wants."""

    id: RuleId = Field(examples=["competitor"])
    text: Text = Field(examples=["a competitor of ours"])
    when: Annotated[tuple[ConditionDocument, ...], Field(min_length=1, max_length=CONDITIONS_MAX)]


class DecayDocument(Closed):
    """How what somebody did fades: it counts half after `half_life_days`, or `percent` less after
    each `every_days`, spread evenly over them.
    """

    half_life_days: Days | None = None
    percent: Annotated[StrictInt | StrictFloat, Field(gt=0, lt=100)] | None = None
    every_days: Days | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        by_percent = self.percent is not None and self.every_days is not None
        if by_percent == (self.half_life_days is not None) or (
            not by_percent and (self.percent is not None or self.every_days is not None)
        ):
            raise ValueError("must be half_life_days, or percent with every_days")
        return self


class BoundsDocument(Closed):
    """Between which points a group counts, and how what somebody did fades in it."""

    minimum: Points = -100
    maximum: Points = 100
    decay: DecayDocument | None = None


class FitBands(Closed):
    """From how many points of fit on somebody is an A or a B; everybody else is a C."""

    A: Points
    B: Points


class EngagementBands(Closed):
    """From how many points of engagement on somebody is a 1 or a 2; everybody else is a 3."""

    first: Points = Field(alias="1")
    second: Points = Field(alias="2")


class BandsDocument(Closed):
    """The matrix of fit by engagement, A1 to C3."""

    fit: FitBands
    engagement: EngagementBands


class LineDocument(Closed):
    """What makes a prospect: `points`, a `probability`, or both; all `required` fields and one of
    `reachable_by`; consent, if it is needed. Who lacks something is nurtured, and looked at again
    after `again_after_days`.
    """

    points: Points | None = Field(default=None, examples=[30])
    probability: Annotated[StrictFloat, Field(gt=0, lt=1)] | None = None
    required: tuple[GivenField, ...] = ()
    reachable_by: Annotated[tuple[GivenField, ...], Field(min_length=1)] = (
        GivenField.EMAIL,
        GivenField.PHONE,
    )
    needs_consent: StrictBool = False
    without_consent: WithoutConsent = WithoutConsent.NURTURE
    again_after_days: Days | None = None

    @model_validator(mode="after")
    def _draws_something(self) -> Self:
        if self.points is None and self.probability is None:
            raise ValueError("needs points or a probability")
        return self


class SegmentDocument(Closed):
    """A line of their own for those who fulfil the conditions; the first segment that fits."""

    id: RuleId
    when: Annotated[tuple[ConditionDocument, ...], Field(min_length=1, max_length=CONDITIONS_MAX)]
    line: LineDocument


class PolicyDocument(Closed):
    """The contract between marketing and sales."""

    format: Literal[1] = 1
    name: Text = Field(examples=["Summer 2026"])
    fit: BoundsDocument = BoundsDocument()
    engagement: BoundsDocument = BoundsDocument()
    rules: Annotated[tuple[RuleDocument, ...], Field(max_length=RULES_MAX)] = ()
    disqualify: Annotated[tuple[DisqualifierDocument, ...], Field(max_length=RULES_MAX)] = ()
    bands: BandsDocument | None = None
    line: LineDocument
    segments: Annotated[tuple[SegmentDocument, ...], Field(max_length=SEGMENTS_MAX)] = ()
