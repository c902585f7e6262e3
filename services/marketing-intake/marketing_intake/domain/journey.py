"""A lead's journey, as far as intake has heard of it, and what another word changes in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from baton.contracts.vocabulary import ClosureReason, LeadState, Outcome
from marketing_intake.domain.lead import combined


@dataclass(frozen=True, slots=True)
class ScoringWord:
    """What scoring decided."""

    state: LeadState
    policy_version: int
    fit: float | None = None
    engagement: float | None = None
    reasons: tuple[Mapping[str, object], ...] | None = None
    missing: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Closure:
    """How the pursuit ended; a higher version corrects."""

    deal_id: str
    version: int
    outcome: Outcome
    reason: ClosureReason | None
    amount: Decimal | None
    currency: str | None
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class Journey:
    """Where a lead has been; `state` follows from the words heard so far, in whatever order."""

    own_state: LeadState
    scoring: ScoringWord | None = None
    scoring_state: LeadState | None = None
    sales_state: LeadState | None = None
    was_qualified: bool = False
    was_accepted: bool = False
    prospect_id: str | None = None
    rep_id: str | None = None
    closure: Closure | None = None
    is_erased: bool = False

    @property
    def state(self) -> LeadState:
        """The one state that the lead is in."""
        if self.is_erased:
            return LeadState.ERASED
        return combined(self.own_state, self.scoring_state, self.sales_state)


def with_scoring(journey: Journey, word: ScoringWord) -> Journey:
    """After scoring has decided."""
    return replace(
        journey,
        scoring=word,
        scoring_state=word.state,
        was_qualified=journey.was_qualified or word.state is LeadState.QUALIFIED,
    )


def with_sales(
    journey: Journey,
    state: LeadState,
    *,
    prospect_id: str,
    rep_id: str | None,
    closure: Closure | None = None,
) -> Journey:
    """After a step of the hand-off. A closure of an older version changes nothing."""
    known = journey.closure
    if closure is not None and known is not None and closure.version < known.version:
        return journey
    is_accepted = state in (LeadState.ACCEPTED, LeadState.WON)
    return replace(
        journey,
        sales_state=state,
        # Sales speaks of qualified leads alone, so its word may be the first that is heard of it.
        was_qualified=True,
        was_accepted=journey.was_accepted or is_accepted,
        prospect_id=prospect_id,
        rep_id=rep_id,
        closure=closure or known,
    )
