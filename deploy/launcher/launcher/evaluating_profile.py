"""What `baton evaluate` reads of a profile: files, columns, what is known when, what to print."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from launcher.errors import CannotStart
from launcher.history import read_profile

ISO: Final = "ISO 8601"
"""The format of a date when a profile names none."""

Delimiter = Annotated[str, Field(min_length=1, max_length=1)]


class Part(BaseModel):
    """A part of a profile; a word that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Leads(Part):
    """Where leads stand, one a row. Without `occurred_at` the order of the file is the time."""

    file: str
    id: str | None = None
    occurred_at: str | None = None
    occurred_at_format: str = ISO
    delimiter: Delimiter | None = None
    encoding: str = "utf-8-sig"
    source: str | None = None  # this and the next two are for `baton replay`
    traits: dict[str, Any] = {}
    channels: dict[str, str] = {}


class Outcomes(Part):
    """What became of the leads: in a file of its own, or in a column beside them.

    `won` and `lost` are values of `outcome_column`; what is neither is still open. Without `lost`
    every value that is not `won` is a loss, and only a blank is open. Without a column every row
    of the file is a win.
    """

    file: str | None = None
    lead: str | None = None
    outcome_column: str | None = None
    won: list[str] = []
    lost: list[str] | None = None
    closed_at: str | None = None
    closed_at_format: str = ISO
    delimiter: Delimiter | None = None
    encoding: str = "utf-8-sig"
    outcome: str = "won"  # this and the next four are for `baton replay`
    deal: str | None = None
    amount: str | None = None
    currency: str | None = None
    rep: str | None = None

    @model_validator(mode="after")
    def _says_what_is_won(self) -> Self:
        if self.file is None and self.outcome_column is None:
            raise ValueError("it needs `file` or `outcome_column`")
        if self.file is not None and self.lead is None:
            raise ValueError("with `file` it needs `lead`, the column that names the lead")
        if self.outcome_column is not None and not self.won:
            raise ValueError("with `outcome_column` it needs `won`, the values that are wins")
        return self


class Join(Part):
    """Traits from another file, whose `key` is the lead's `column`."""

    file: str
    column: str
    key: str
    traits: list[str]
    delimiter: Delimiter | None = None
    encoding: str = "utf-8-sig"


class Evaluation(Part):
    """What is known when a lead is decided on, and how the replay is cut.

    `traits` names the columns, or `left_out` those that are none of them: what was known only
    later would make every figure a lie.
    """

    traits: list[str] | None = None
    left_out: list[str] | None = None
    categories: list[str] = []
    missing: list[str] = []
    same: dict[str, dict[str, str]] = {}
    joins: list[Join] = []
    since: date | None = None
    until: date | None = None
    segment: str | None = None
    chunks: Annotated[int, Field(ge=4, le=200)] = 20
    cuts: list[Annotated[float, Field(gt=0, lt=1)]] = []
    recent_days: Annotated[float, Field(gt=0)] = 60

    @model_validator(mode="after")
    def _says_what_is_known(self) -> Self:
        if (self.traits is None) == (self.left_out is None):
            raise ValueError("it needs `traits` or `left_out`, and not both")
        return self


class Profile(Part):
    """The parts that evaluation reads; the rest is for `baton replay`."""

    name: str
    leads: Leads
    outcomes: Outcomes
    evaluation: Evaluation
    policy: dict[str, Any] = {}
    pool: dict[str, Any] = {}

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.outcomes.file is not None and self.leads.id is None:
            raise ValueError("leads needs `id`, since outcomes stand in a file of their own")
        if self.leads.occurred_at is None and (self.evaluation.since or self.evaluation.until):
            raise ValueError("leads needs `occurred_at`, since evaluation has `since` or `until`")
        return self


def evaluation_profile(name: str) -> Profile:
    """The profile by its name or path. Raises `CannotStart`, which names each wrong place."""
    raw = read_profile(name)
    try:
        return Profile.model_validate(raw)
    except ValidationError as error:
        faults = "; ".join(_told(fault["loc"], fault["msg"]) for fault in error.errors()[:5])
        raise CannotStart(f"The profile {Path(name).name} can't be used: {faults}.") from None


def _told(place: tuple[int | str, ...], message: str) -> str:
    said = message.removeprefix("Value error, ")
    where = ".".join(str(part) for part in place) or "the profile"
    return f"{where}: {said[:1].lower()}{said[1:]}"
