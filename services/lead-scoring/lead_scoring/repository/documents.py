"""The policy as it is written down: the document that the door takes and the database keeps."""

from functools import lru_cache
from typing import Annotated, Final, Literal

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
from lead_scoring.domain.conditions import Between, Condition, Gave, GaveNone, NoneOf, OneOf
from lead_scoring.domain.facts import FACTS_MAX
from lead_scoring.domain.policy import (
    Bounds,
    Disqualifier,
    Group,
    Line,
    Policy,
    Rule,
    WithoutConsent,
)

POINTS_MAX: Final = 1000
RULES_MAX: Final = 200
CONDITIONS_MAX: Final = 10
VALUES_MAX: Final = 200
TEXT_CHARACTERS_MAX: Final = 200
NUMBER_MAX: Final = 1e15
"""As large as a number among the traits can be."""
KNOWN_POLICIES: Final = 16

Points = Annotated[StrictInt | StrictFloat, Field(ge=-POINTS_MAX, le=POINTS_MAX)]
Number = Annotated[StrictInt | StrictFloat, Field(ge=-NUMBER_MAX, le=NUMBER_MAX)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,60}$")]
Text = Annotated[
    str, StringConstraints(min_length=1, max_length=TEXT_CHARACTERS_MAX), AfterValidator(storable)
]
Value = Text | StrictBool
Values = Annotated[tuple[Value, ...], Field(min_length=1, max_length=VALUES_MAX)]
Attribute = Annotated[
    str,
    StringConstraints(
        pattern=r"^(source|campaign|channel|email_kind|seniority|country|trait:.{1,100})$"
    ),
    AfterValidator(storable),
]


class Closed(BaseModel):
    """A part of the document; what it does not know is a mistake, not an extension."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


class RuleDocument(Closed):
    """Points for what is true; all conditions of `when` have to hold."""

    id: RuleId = Field(examples=["business_email"])
    group: Group
    points: Points = Field(examples=[20])
    text: Text = Field(examples=["a business e-mail address"])
    when: When = ()
    from_lead: int = Field(default=1, ge=1, le=FACTS_MAX)
    to_lead: int = Field(default=1, ge=1, le=FACTS_MAX)


class DisqualifierDocument(Closed):
    """Somebody whom sales never wants."""

    id: RuleId = Field(examples=["competitor"])
    text: Text = Field(examples=["a competitor of ours"])
    when: Annotated[tuple[ConditionDocument, ...], Field(min_length=1, max_length=CONDITIONS_MAX)]


class BoundsDocument(Closed):
    """Between which points a group counts."""

    minimum: Points = -100
    maximum: Points = 100


class LineDocument(Closed):
    """What makes a prospect."""

    points: Points = Field(examples=[30])
    reachable_by: Annotated[tuple[GivenField, ...], Field(min_length=1)] = (
        GivenField.EMAIL,
        GivenField.PHONE,
    )
    needs_consent: StrictBool = False
    without_consent: WithoutConsent = WithoutConsent.NURTURE


class PolicyDocument(Closed):
    """The contract between marketing and sales."""

    format: Literal[1] = 1
    name: Text = Field(examples=["Summer 2026"])
    fit: BoundsDocument = BoundsDocument()
    engagement: BoundsDocument = BoundsDocument()
    rules: Annotated[tuple[RuleDocument, ...], Field(max_length=RULES_MAX)] = ()
    disqualify: Annotated[tuple[DisqualifierDocument, ...], Field(max_length=RULES_MAX)] = ()
    line: LineDocument


def policy_of(version: int, document: PolicyDocument) -> Policy:
    """The policy that a document describes."""
    rules = {group: tuple(_rule(r) for r in document.rules if r.group is group) for group in Group}
    return Policy(
        version=version,
        name=document.name,
        fit=Bounds(document.fit.minimum, document.fit.maximum),
        engagement=Bounds(document.engagement.minimum, document.engagement.maximum),
        fit_rules=rules[Group.FIT],
        engagement_rules=rules[Group.ENGAGEMENT],
        disqualifiers=tuple(
            Disqualifier(one.id, one.text, _conditions(one.when)) for one in document.disqualify
        ),
        line=Line(
            points=document.line.points,
            reachable_by=frozenset(document.line.reachable_by),
            needs_consent=document.line.needs_consent,
            without_consent=document.line.without_consent,
        ),
    )


@lru_cache(maxsize=KNOWN_POLICIES)
def read_policy(version: int, text: str) -> Policy:
    """The policy of a stored document; a version is read once and then remembered."""
    return policy_of(version, PolicyDocument.model_validate_json(text))


def _rule(document: RuleDocument) -> Rule:
    return Rule(
        id=document.id,
        points=document.points,
        text=document.text,
        when=_conditions(document.when),
        from_lead=document.from_lead,
        to_lead=document.to_lead,
    )


def _conditions(documents: tuple[ConditionDocument, ...]) -> tuple[Condition, ...]:
    return tuple(_condition(document) for document in documents)


def _condition(document: ConditionDocument) -> Condition:
    match document:
        case IsOneOf():
            return OneOf(document.attribute, frozenset(document.any_of))
        case IsNoneOf():
            return NoneOf(document.attribute, frozenset(document.none_of))
        case IsBetween():
            return Between(document.attribute, document.at_least, document.at_most)
        case IsGiven():
            return Gave(frozenset(document.gave_any_of))
        case IsNotGiven():
            return GaveNone(frozenset(document.gave_none_of))
