"""The policy: the contract between marketing and sales, as values that a score is made with."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from baton.contracts.vocabulary import ActivityKind
from lead_scoring.domain.conditions import Condition, all_hold
from lead_scoring.domain.facts import Profile

DEFAULT_NAME: Final = "Default"
DAY_SECONDS: Final = 86_400.0


class Group(StrEnum):
    """What a rule speaks about: who the person is, or what they did."""

    FIT = "fit"
    ENGAGEMENT = "engagement"


class WithoutConsent(StrEnum):
    """What becomes of a lead that may not be contacted."""

    NURTURE = "nurture"
    DISQUALIFY = "disqualify"


class RollUpOf(StrEnum):
    """What is counted over a company's people."""

    PEOPLE = "people"
    LEADS = "leads"
    ACTIVITIES = "activities"


class Aggregate(StrEnum):
    """What is made of a trait's numbers over a company's people."""

    AVERAGE = "average"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which points a group counts; 0 lies between them.

    `half_life_days` is after how many days what somebody did counts half; what somebody is does
    not fade. None: nothing fades.
    """

    minimum: float
    maximum: float
    half_life_days: float | None = None

    def clamp(self, points: float) -> float:
        """The points, or the bound that they are beyond."""
        return min(max(points, self.minimum), self.maximum)


@dataclass(frozen=True, slots=True)
class Frame:
    """Which facts count at a moment: younger than `within` and at least as old as `before`."""

    within: timedelta | None = None
    before: timedelta = timedelta(0)

    def holds(self, happened_at: datetime, moment: datetime) -> bool:
        """Whether it counts; what has not happened yet never does."""
        age = moment - happened_at
        return self.before <= age and (self.within is None or age < self.within)


@dataclass(frozen=True, slots=True)
class ProfileRule:
    """Points for what somebody is: the conditions look at their whole profile, once."""

    id: str
    points: float
    text: str
    when: tuple[Condition, ...]
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class CountRule:
    """Points for what somebody did: leads, or activities of some kinds.

    Of those that fulfil the conditions within the frame there must be `at_least` to `at_most`.
    The points count once for each from the `first`-th on, the newest `times_max` of them.
    """

    id: str
    points: float
    text: str
    when: tuple[Condition, ...]
    kinds: frozenset[ActivityKind] | None = None
    """None: leads."""
    frame: Frame = Frame()
    at_least: int = 1
    at_most: int | None = None
    first: int = 1
    times_max: int = 1
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class RollUp:
    """A number over everybody of a company: a count, or an aggregate of a trait's numbers."""

    of: RollUpOf | str
    """What is counted, or the attribute whose numbers are put together."""
    aggregate: Aggregate | None = None
    kinds: frozenset[ActivityKind] = frozenset()
    """Of which kinds activities are counted; none named: all."""


@dataclass(frozen=True, slots=True)
class CompanyRule:
    """Points for a company of which a roll-up lies between two numbers, both included."""

    id: str
    points: float
    text: str
    roll_up: RollUp
    at_least: float
    at_most: float
    place: str = field(default="", compare=False)


Rule = ProfileRule | CountRule | CompanyRule


@dataclass(frozen=True, slots=True)
class Disqualifier:
    """Somebody whom sales never wants, whatever their points."""

    id: str
    text: str
    when: tuple[Condition, ...]
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Bands:
    """The matrix of fit by engagement: from how many points on a letter or a number is reached.

    Who reaches no threshold is a C, or a 3.
    """

    a: float
    b: float
    first: float
    second: float

    def band_of(self, fit: float, engagement: float) -> str:
        """`A1` to `C3`."""
        letter = "A" if fit >= self.a else "B" if fit >= self.b else "C"
        number = "1" if engagement >= self.first else "2" if engagement >= self.second else "3"
        return letter + number


@dataclass(frozen=True, slots=True)
class Line:
    """What makes a prospect: enough points or probability, or both; the fields that sales needs,
    a way to reach them, and consent where it is needed.

    `again_after` is after how long a nurtured lead is looked at again by itself.
    """

    points: float | None
    reachable_by: frozenset[str]
    needs_consent: bool
    without_consent: WithoutConsent
    probability: float | None = None
    required: frozenset[str] = frozenset()
    again_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A line of their own for those who fulfil the conditions."""

    id: str
    when: tuple[Condition, ...]
    line: Line
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """A version of the policy; published ones never change."""

    version: int
    name: str
    fit: Bounds
    engagement: Bounds
    fit_rules: tuple[Rule, ...]
    engagement_rules: tuple[Rule, ...]
    disqualifiers: tuple[Disqualifier, ...]
    line: Line
    bands: Bands | None = None
    segments: tuple[Segment, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules that give points."""
        return self.fit_rules + self.engagement_rules

    @property
    def roll_ups(self) -> dict[str, RollUp]:
        """What has to be read about companies, by the rule that asks for it."""
        return {rule.id: rule.roll_up for rule in self.rules if isinstance(rule, CompanyRule)}

    def line_for(self, profile: Profile) -> Line:
        """The line that holds for somebody: the first segment's that they belong to, or the one
        that holds for everybody else.
        """
        for segment in self.segments:
            if all_hold(segment.when, profile):
                return segment.line
        return self.line

    def with_version(self, version: int) -> "Policy":
        """The same rules under another number."""
        return replace(self, version=version)


def texts_of(policy: Policy) -> dict[str, str]:
    """What each factor of a score means, in words."""
    texts = {rule.id: rule.text for rule in policy.rules}
    for group, bounds in ((Group.FIT, policy.fit), (Group.ENGAGEMENT, policy.engagement)):
        texts[bound_id(group)] = (
            f"{group.value} counts from {bounds.minimum:g} to {bounds.maximum:g} points"
        )
    return texts


def bound_id(group: Group) -> str:
    """The factor by which a group's bound takes away what is beyond it; no rule is called so."""
    return f"bound:{group.value}"
