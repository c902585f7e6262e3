"""What a score and a receipt look like from outside."""

from datetime import datetime

from pydantic import BaseModel, Field

from lead_scoring.domain.decisions import Disqualified, Nurtured
from lead_scoring.domain.policy import Policy, texts_of
from lead_scoring.domain.receipts import Receipt, Undone, score_in
from lead_scoring.domain.scoring import Odds, Score
from lead_scoring.domain.words import sentence_of
from lead_scoring.repository.receipts import result_of


class ReasonView(BaseModel):
    """What one rule contributed, in words.

    `times` is how often it counted, `full` what it would be had nothing faded, if something has.
    """

    rule: str = Field(examples=["business_email"])
    points: float = Field(examples=[20])
    text: str = Field(examples=["a business e-mail address"])
    times: int = 1
    full: float | None = None


class OddsView(BaseModel):
    """What a model said: base and contributions are log-odds that sum to the probability's."""

    model_version: int
    probability: float
    base: float
    contributions: dict[str, float]


class ScoreView(BaseModel):
    """Fit and engagement, kept apart; the reasons add up to both together, and `sentence` says
    them in a line.
    """

    fit: float
    engagement: float
    points: float
    band: str | None
    sentence: str = Field(examples=["asked for a demo twice within 7 days +20; a free e-mail -10"])
    reasons: list[ReasonView]
    odds: OddsView | None


class ReceiptView(BaseModel):
    """A decision or a score, and all that it was made from; `inputs` are ids of events.

    `moment` is the time that it was judged at; null: when the newest of its inputs happened.
    """

    receipt_id: str
    lead_id: str | None
    person_id: str
    policy_version: int
    model_version: int | None
    result: str = Field(examples=["qualified", "nurtured", "disqualified", "rescored", "undone"])
    reason: str | None
    missing: list[str]
    again_at: datetime | None
    score: ScoreView
    inputs: list[str]
    roll_ups: dict[str, float]
    moment: datetime | None
    decided_at: datetime


def score_view(score: Score, policy: Policy) -> ScoreView:
    """A score, its reasons in the words of its policy."""
    texts = texts_of(policy)
    return ScoreView(
        fit=score.fit,
        engagement=score.engagement,
        points=score.points,
        band=score.band,
        sentence=sentence_of(score, policy),
        reasons=[
            ReasonView(
                rule=one.rule,
                points=one.points,
                text=texts[one.rule],
                times=one.times,
                full=one.full,
            )
            for one in score.factors
        ],
        odds=None if score.odds is None else odds_view(score.odds),
    )


def odds_view(odds: Odds) -> OddsView:
    """What a model said."""
    return OddsView(
        model_version=odds.model_version,
        probability=odds.probability,
        base=odds.base,
        contributions=dict(odds.contributions),
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
        model_version=receipt.model_version,
        result=result_of(decision),
        reason=decision.reason if isinstance(decision, Disqualified | Undone) else None,
        missing=list(decision.missing) if isinstance(decision, Nurtured) else [],
        again_at=decision.again_at if isinstance(decision, Nurtured) else None,
        score=score_view(score_in(decision), policy),
        inputs=[*inputs.leads, *inputs.activities, *inputs.enrichments, *causes],
        roll_ups=dict(inputs.roll_ups),
        moment=inputs.moment,
        decided_at=receipt.decided_at,
    )
