"""What goes in and out of the HTTP door about the team."""

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from baton.contracts.vocabulary import Channel, EmailKind, Seniority
from baton.http import Line, Uuid
from sales_routing.domain.routing import WEIGHT_MAX
from sales_routing.domain.rules import Rulebook
from sales_routing.repository import rulebooks
from sales_routing.repository.team import PoolDetails, Rep, RepDetails, TeamPool

CAPACITY_MAX: Final = 1_000_000
RULES_MAX: Final = 200
VALUES_MAX: Final = 500
MEMBERS_MAX: Final = 4000
DAY_SECONDS: Final = 86400

Weight = Annotated[int, Field(ge=1, le=WEIGHT_MAX)]
Capacity = Annotated[int, Field(ge=0, le=CAPACITY_MAX)]
AcceptSeconds = Annotated[float, Field(ge=1, le=30 * DAY_SECONDS)]
Members = Annotated[list[Uuid], Field(max_length=MEMBERS_MAX)]
Trait = Annotated[str, Field(max_length=200)] | bool | int | float


def _unset() -> Any:  # noqa: ANN401 the default of a field that is left as it is when unset
    return None


class Form(BaseModel):
    """A body: what is not named is refused."""

    model_config = ConfigDict(extra="forbid")


class RepForm(Form):
    """A new rep."""

    name: Line = Field(examples=["Rosa Rivera"])
    team: Annotated[str, Field(max_length=200)] = ""
    weight: Weight = 1
    capacity: Capacity | None = Field(default=None, description="open prospects; null: no limit")
    is_available: bool = True
    is_active: bool = True
    sign_in: Line | None = Field(default=None, description="the e-mail they sign in to pages with")

    def details(self) -> RepDetails:
        """What is said of the rep."""
        return RepDetails(**self.model_dump())


class RepChange(Form):
    """What is to change of a rep."""

    name: Line = Field(default_factory=_unset)
    team: Annotated[str, Field(max_length=200)] = Field(default_factory=_unset)
    weight: Weight = Field(default_factory=_unset)
    capacity: Capacity | None = None
    is_available: bool = Field(default_factory=_unset)
    is_active: bool = Field(default_factory=_unset)
    sign_in: Line | None = None


class RepStanding(BaseModel):
    """A rep, and how many prospects they hold."""

    id: str
    name: str
    team: str
    weight: int
    capacity: int | None
    is_available: bool
    is_active: bool
    sign_in: str | None
    open: int


class RepList(BaseModel):
    """All reps, in the order in which they came."""

    items: list[RepStanding]


class PoolForm(Form):
    """A new pool."""

    name: Line = Field(examples=["North"])
    accept_seconds: AcceptSeconds | None = Field(
        default=None, description="how long its reps have to answer; null: the service's setting"
    )
    member_ids: Members = Field(default_factory=list)

    def details(self) -> PoolDetails:
        """What is said of the pool."""
        return PoolDetails(self.name, self.accept_seconds, tuple(sorted(set(self.member_ids))))


class PoolChange(Form):
    """What is to change of a pool. `member_ids` are all members from then on."""

    name: Line = Field(default_factory=_unset)
    accept_seconds: AcceptSeconds | None = None
    member_ids: Members = Field(default_factory=_unset)

    def changes(self) -> dict[str, object]:
        """What is named."""
        named = self.model_dump(exclude_unset=True)
        if "member_ids" in named:
            named["member_ids"] = tuple(sorted(set(named["member_ids"])))
        return named


class PoolView(BaseModel):
    """A pool with its members, and the last number of its decision log."""

    id: str
    name: str
    accept_seconds: float | None
    member_ids: list[str]
    decision_number: int


class PoolList(BaseModel):
    """All pools, in the order in which they came."""

    items: list[PoolView]


class RuleForm(Form):
    """One rule. A condition that is left out asks nothing; all that are given must hold."""

    name: Line
    pool_id: Uuid
    channels: list[Channel] = Field(default_factory=list, max_length=VALUES_MAX)
    source_ids: list[Line] = Field(default_factory=list, max_length=VALUES_MAX)
    countries: list[Annotated[str, Field(pattern="^[A-Z]{2}$")]] = Field(
        default_factory=list, max_length=VALUES_MAX
    )
    email_kinds: list[EmailKind] = Field(default_factory=list, max_length=VALUES_MAX)
    seniorities: list[Seniority] = Field(default_factory=list, max_length=VALUES_MAX)
    traits: dict[Line, Annotated[list[Trait], Field(max_length=VALUES_MAX)]] = Field(
        default_factory=dict, max_length=50
    )
    score_min: float | None = Field(default=None, allow_inf_nan=False)
    score_below: float | None = Field(default=None, allow_inf_nan=False)


class RulesForm(Form):
    """All rules in order, and who has what no rule and no rep wants."""

    rules: list[RuleForm] = Field(default_factory=list, max_length=RULES_MAX)
    fallback_pool_id: Uuid | None = None
    fallback_owner_id: Uuid | None = None

    def rulebook(self) -> Rulebook:
        """The rules as the domain has them; the version is given when they are put in force."""
        return rulebooks.rulebook_of(0, self.model_dump())


class RulesView(RulesForm):
    """The rules in force."""

    version: int


def rep_view(rep: Rep) -> RepStanding:
    """A rep as they are shown."""
    named = {name: getattr(rep.details, name) for name in RepDetails.__slots__}
    return RepStanding(id=rep.id, open=rep.open, **named)


def pool_view(pool: TeamPool) -> PoolView:
    """A pool as it is shown."""
    return PoolView(
        id=pool.id,
        name=pool.details.name,
        accept_seconds=pool.details.accept_seconds,
        member_ids=list(pool.details.member_ids),
        decision_number=pool.decision_number,
    )


def rules_view(rulebook: Rulebook) -> RulesView:
    """The rules as they are shown."""
    return RulesView.model_validate(
        {"version": rulebook.version, **rulebooks.document_of(rulebook)}
    )
