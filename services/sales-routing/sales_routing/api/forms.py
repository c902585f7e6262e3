"""What reps and CRMs send about prospects."""

from decimal import Decimal
from typing import Annotated, Final, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from baton.contracts.vocabulary import ClosureReason, DealStage, Outcome
from baton.errors import Refused
from baton.http import Line, Uuid
from sales_routing.domain.answers import DeclineReason
from sales_routing.domain.outcomes import Disqualified, Ending, Lost, Report, Won

V = TypeVar("V")
VERSION_MAX: Final = 2**31 - 1
DealId = Annotated[Line, Field(max_length=200, examples=["D-1042"])]


class Form(BaseModel):
    """A body: what is not named is refused."""

    model_config = ConfigDict(extra="forbid")


class AcceptForm(Form):
    """A rep takes the prospect that they are offered."""

    rep_id: Uuid


class DeclineForm(Form):
    """A rep says no, and why."""

    rep_id: Uuid
    reason: DeclineReason


class ProgressForm(Form):
    """The deal reached a step of the sale; it may be an earlier one again."""

    stage: DealStage


class OutcomeForm(Form):
    """How the pursuit ended. The same deal and version again has the same answer."""

    deal_id: DealId
    version: int = Field(default=1, ge=1, le=VERSION_MAX)
    outcome: Outcome
    amount: Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4)] | None = Field(
        default=None, examples=["1250.50"], description="for a win: what it is worth, 0 or more"
    )
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = Field(
        default=None, examples=["EUR"], description="for a win: ISO 4217"
    )
    reason: ClosureReason | None = Field(default=None, description="for a loss, why")
    closed_at: AwareDatetime = Field(
        description="when it ended; it may lie before the first contact, but not in the future"
    )

    def report(self) -> Report:
        """What is reported. Raises `Refused`, naming the field that is missing or too much."""
        return Report(self.deal_id, self.version, self._ending(), self.closed_at)

    def _ending(self) -> Ending:
        if self.outcome is Outcome.WON:
            _must_not(self.reason, "reason", "a win has no reason")
            amount = _must(self.amount, "amount", "a win needs an amount of 0 or more")
            return Won(amount, _must(self.currency, "currency", "a win needs a currency"))
        _must_not(self.amount, "amount", "only a win has an amount")
        _must_not(self.currency, "currency", "only a win has a currency")
        reason = _must(self.reason, "reason", f"what is {self.outcome} needs a reason")
        return Lost(reason) if self.outcome is Outcome.LOST else Disqualified(reason)


def _must(value: V | None, field: str, expected: str) -> V:
    if value is None:
        raise Refused(expected, field=field, kind="invalid")
    return value


def _must_not(value: object, field: str, expected: str) -> None:
    if value is not None:
        raise Refused(expected, field=field, kind="invalid")
