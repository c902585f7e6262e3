"""What an explained receipt looks like from outside."""

from datetime import datetime

from pydantic import BaseModel, Field

from lead_scoring.api.views import ReceiptView, receipt_view
from lead_scoring.domain.explaining import Explained
from lead_scoring.domain.policy import Group, texts_of
from lead_scoring.handlers.explaining import Explanation


class OccurrenceView(BaseModel):
    """A fact that was counted: `left` is what was left of 1, 2^(-age_days / half_life_days)."""

    event_id: str
    happened_at: datetime
    age_days: float
    left: float


class FactorView(BaseModel):
    """A factor: where it has occurrences, `points` is `each` times the sum of what is left."""

    rule: str
    group: Group
    text: str
    points: float
    each: float
    half_life_days: float | None
    occurrences: list[OccurrenceView]
    value: float | None = Field(description="the roll-up that a rule about the company read")


class ExplanationView(BaseModel):
    """A receipt with all that its score is made of; `comes_out`: made again it was the same."""

    receipt: ReceiptView
    factors: list[FactorView]
    line_points: float | None
    comes_out: bool


def explanation_view(found: Explanation) -> ExplanationView:
    """An explanation, in the words of its policy."""
    texts = texts_of(found.policy)
    return ExplanationView(
        receipt=receipt_view(found.receipt, found.policy),
        factors=[_factor(one, texts) for one in found.factors],
        line_points=found.policy.line.points,
        comes_out=found.comes_out,
    )


def _factor(one: Explained, texts: dict[str, str]) -> FactorView:
    return FactorView(
        rule=one.factor.rule,
        group=one.group,
        text=texts[one.factor.rule],
        points=one.factor.points,
        each=one.each,
        half_life_days=one.half_life_days,
        occurrences=[
            OccurrenceView.model_validate(seen, from_attributes=True) for seen in one.occurrences
        ],
        value=one.value,
    )
