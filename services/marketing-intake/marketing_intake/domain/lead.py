"""Where a lead is, from what scoring and sales have said of it, in whatever order."""

from typing import Final

from baton.contracts.vocabulary import LeadState

FINAL_AT_INTAKE: Final = frozenset(
    {LeadState.REFUSED, LeadState.SPAM, LeadState.TEST, LeadState.ERASED}
)
"""States that intake alone decides, and nothing that is heard later changes."""

DEPTH: Final = {
    LeadState.CAPTURED: 0,
    LeadState.QUALIFIED: 1,
    LeadState.NURTURED: 1,
    LeadState.DISQUALIFIED: 1,
    LeadState.OFFERED: 2,
    LeadState.ACCEPTED: 3,
    LeadState.WON: 4,
}
"""How far along the way a state is; reports count a lead at every depth that it has reached."""


def combined(own: LeadState, scoring: LeadState | None, sales: LeadState | None) -> LeadState:
    """Sales' word counts before scoring's; an end that intake has decided is an end."""
    if own in FINAL_AT_INTAKE:
        return own
    return sales or scoring or own
