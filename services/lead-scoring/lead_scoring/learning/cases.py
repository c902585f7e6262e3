"""Cases: leads as they were when they were decided on, and what became of them."""

from dataclasses import dataclass

from baton.contracts.vocabulary import Outcome
from lead_scoring.domain.probability.prediction import Traits


@dataclass(frozen=True, slots=True)
class Case:
    """One lead. Times are days since 1970, or row numbers where only the order is known.

    `traits` hold what was known at `decided_at` and nothing that came later. Without an outcome
    the case is open; an outcome without a time was known at once.
    """

    id: str
    decided_at: float
    traits: Traits
    outcome: Outcome | None = None
    closed_at: float | None = None
