"""A lead as scoring knows it, and which moves between its states are allowed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from baton.contracts.vocabulary import LeadState
from lead_scoring.domain.facts import ACTIVITIES_OF_KIND_MAX, FACTS_MAX, History, LeadFact

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
    # Marketing's leads are looked at again whenever something more is known of their person.
    LeadState.NURTURED: frozenset(
        {LeadState.QUALIFIED, LeadState.NURTURED, LeadState.DISQUALIFIED, LeadState.ERASED}
    ),
    LeadState.DISQUALIFIED: frozenset({LeadState.ERASED}),
    LeadState.WITHDRAWN: frozenset({LeadState.ERASED}),
    # Forgetting somebody who is forgotten changes nothing.
    LeadState.ERASED: frozenset({LeadState.ERASED}),
}


class ForbiddenMove(Exception):
    """A lead can't get there from where it is."""


@dataclass(frozen=True, slots=True)
class OpenLead:
    """A lead that may still move: nurtured, or qualified and with sales.

    `prospect_id` is what was proposed for it. It was decided last by these versions at `moment`.
    Whether its pursuit has ended is sales' to say: an outcome stays, whatever comes after it.
    """

    fact: LeadFact
    state: LeadState
    prospect_id: str | None
    policy_version: int
    moment: datetime
    model_version: int | None = None
    again_at: datetime | None = None
    has_outcome: bool = False

    @property
    def lead_id(self) -> str:
        """Its id."""
        return self.fact.lead_id

    @property
    def person_id(self) -> str:
        """The id that it came under."""
        return self.fact.person_id

    @property
    def is_with_sales(self) -> bool:
        """Whether sales has it and has not said how it ended."""
        return self.state is LeadState.QUALIFIED and not self.has_outcome


def move(state: LeadState, to: LeadState) -> LeadState:
    """The new state. Raises `ForbiddenMove`."""
    if to not in MOVES.get(state, frozenset()):
        raise ForbiddenMove(f"a lead does not go from {state.value} to {to.value}")
    return to


def moved(lead: OpenLead, to: LeadState) -> OpenLead:
    """The lead in its new state. Raises `ForbiddenMove`."""
    return replace(lead, state=move(lead.state, to))


def may_be_undone(lead: OpenLead, history: History) -> bool:
    """Whether what is known is enough to judge an earlier decision again.

    Of somebody with very many facts only the newest are looked at: what an old decision saw may
    not be among them, and nothing is taken back because of what was not looked at.
    """
    if not lead.is_with_sales:
        return False
    full = len(history.leads) >= FACTS_MAX or len(history.enrichments) >= FACTS_MAX
    kinds = Counter(one.kind for one in history.activities)
    return not full and all(count < ACTIVITIES_OF_KIND_MAX for count in kinds.values())


def to_look_at_again(leads: Iterable[OpenLead]) -> OpenLead | None:
    """Which of a person's leads becomes a prospect when they cross the line without a further one.

    Their newest, if marketing has it and sales pursues none of them: an older one was spoken for
    by what came after it, so that there is one prospect for each pursuit.
    """
    known = list(leads)
    newest = max(known, key=lambda one: (one.fact.happened_at, one.lead_id), default=None)
    if newest is None or newest.state is not LeadState.NURTURED:
        return None
    return None if any(lead.is_with_sales for lead in known) else newest
