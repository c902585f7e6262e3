"""A lead as scoring knows it, and which moves between its states are allowed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from baton.contracts.vocabulary import LeadState
from lead_scoring.domain.decisions import Contact, contact_of
from lead_scoring.domain.facts import History
from lead_scoring.domain.people import ConsentChange

MOVES: Final[Mapping[LeadState, frozenset[LeadState]]] = {
    LeadState.CAPTURED: frozenset(
        {
            LeadState.QUALIFIED,
            LeadState.NURTURED,
            LeadState.DISQUALIFIED,
            LeadState.ERASED,
        }
    ),
    LeadState.QUALIFIED: frozenset({LeadState.WITHDRAWN, LeadState.ERASED}),
    LeadState.NURTURED: frozenset({LeadState.ERASED}),
    LeadState.DISQUALIFIED: frozenset({LeadState.ERASED}),
    LeadState.WITHDRAWN: frozenset({LeadState.ERASED}),
    # Forgetting somebody who is forgotten changes nothing.
    LeadState.ERASED: frozenset({LeadState.ERASED}),
}


class ForbiddenMove(Exception):
    """A lead can't get there from where it is."""


@dataclass(frozen=True, slots=True)
class QualifiedLead:
    """A lead that sales was told of, and the prospect that was proposed for it.

    Whether its pursuit has ended is sales' to say: an outcome stays, whatever comes after it.
    """

    lead_id: str
    person_id: str
    happened_at: datetime
    prospect_id: str
    has_outcome: bool
    state: LeadState = LeadState.QUALIFIED


def move(state: LeadState, to: LeadState) -> LeadState:
    """The new state. Raises `ForbiddenMove`."""
    if to not in MOVES.get(state, frozenset()):
        raise ForbiddenMove(f"a lead does not go from {state.value} to {to.value}")
    return to


def withdrawn(lead: QualifiedLead) -> QualifiedLead:
    """The lead after its prospect was taken back."""
    return replace(lead, state=move(lead.state, LeadState.WITHDRAWN))


def to_withdraw(
    leads: Iterable[QualifiedLead], history: History, word: ConsentChange | None
) -> list[QualifiedLead]:
    """Which of a person's leads sales must give back, because contact with them is refused now."""
    return [
        lead
        for lead in leads
        if lead.state is LeadState.QUALIFIED
        and not lead.has_outcome
        and contact_of(lead.happened_at, history, word) is Contact.REFUSED
    ]
