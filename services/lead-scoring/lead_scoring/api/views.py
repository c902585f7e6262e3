"""What a score and a receipt look like from outside."""

from datetime import datetime

from pydantic import BaseModel, Field

from lead_scoring.domain.decisions import Disqualified, Nurtured
from lead_scoring.domain.policy import Policy, texts_of
from lead_scoring.domain.receipts import Receipt, score_in
from lead_scoring.domain.scoring import Score
from lead_scoring.repository.receipts import result_of


class ReasonView(BaseModel):
    """What one rule contributed, in words."""

    rule: str = Field(examples=["business_email"])
    points: float = Field(examples=[20])
    text: str = Field(examples=["a business e-mail address"])


class ScoreView(BaseModel):
    """Fit and engagement, kept apart; the reasons add up to both together."""

    fit: float
    engagement: float
    points: float
    reasons: list[ReasonView]


class ReceiptView(BaseModel):
    """A decision and all that it was made from; `inputs` are ids of events."""

    receipt_id: str
    lead_id: str
    person_id: str
    policy_version: int
    result: str = Field(examples=["qualified", "nurtured", "disqualified"])
    reason: str | None
    missing: list[str]
    score: ScoreView
    inputs: list[str]
    decided_at: datetime


def score_view(score: Score, policy: Policy) -> ScoreView:
    """A score, its reasons in the words of its policy."""
    texts = texts_of(policy)
    return ScoreView(
        fit=score.fit,
        engagement=score.engagement,
        points=score.points,
        reasons=[
            ReasonView(rule=one.rule, points=one.points, text=texts[one.rule])
            for one in score.factors
        ],
    )


def receipt_view(receipt: Receipt, policy: Policy) -> ReceiptView:
    """A receipt, in the words of the policy that it was decided by."""
    decision, inputs = receipt.decision, receipt.inputs
    causes = [one for one in (inputs.consent, inputs.erasure) if one]
    return ReceiptView(
        receipt_id=receipt.id,
        lead_id=receipt.lead_id,
        person_id=receipt.person_id,
        policy_version=receipt.policy_version,
        result=result_of(decision),
        reason=decision.reason if isinstance(decision, Disqualified) else None,
        missing=list(decision.missing) if isinstance(decision, Nurtured) else [],
        score=score_view(score_in(decision), policy),
        inputs=[*inputs.leads, *causes],
        decided_at=receipt.decided_at,
    )
