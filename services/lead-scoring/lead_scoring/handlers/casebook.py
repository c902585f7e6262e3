"""The casebook: what a batch's decisions look at, what they changed, and what is to be said."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.scoring import ProspectWithdrawn
from baton.contracts.vocabulary import LeadState
from baton.transaction import Transaction
from lead_scoring import metrics
from lead_scoring.domain.decisions import Case
from lead_scoring.domain.facts import History, LeadFact, history_of
from lead_scoring.domain.leads import QualifiedLead, move, to_withdraw, withdrawn
from lead_scoring.domain.people import ConsentChange, Erasure, Merge, kin, last_word, newer
from lead_scoring.domain.policy import Policy
from lead_scoring.repository import leads, people
from lead_scoring.repository.people import People

CONSENT_WITHDRAWN: Final = "consent_withdrawn"


@dataclass(slots=True)
class Casebook:
    """Everything about the people of one batch; all of them are locked."""

    tx: Transaction
    policy: Policy
    people: People
    facts: dict[str, list[LeadFact]]
    qualified: dict[str, list[QualifiedLead]]
    consents: list[ConsentChange] = field(default_factory=list)
    erasures: list[Erasure] = field(default_factory=list)
    merges: dict[str, Merge] = field(default_factory=dict)
    withdrawn_ids: list[str] = field(default_factory=list)

    def case_of(self, fact: LeadFact) -> Case:
        """A new lead with all that is known of its person, itself included."""
        self.facts.setdefault(fact.person_id, []).append(fact)
        ids = self.kin(fact.person_id)
        erasure = self.people.erasures.get(fact.person_id)
        return Case(fact, self.history(ids), self.word(ids), erasure)

    def kin(self, person_id: str) -> Iterable[str]:
        """All ids under which a person is known."""
        if not self.people.merges:
            return (person_id,)
        return kin(person_id, self.people.merges.values(), self.people.erasures.keys())

    def history(self, ids: Iterable[str]) -> History:
        """What counts of one person, under all of their ids."""
        return history_of(fact for one in ids for fact in self.facts.get(one, ()))

    def word(self, ids: Iterable[str]) -> ConsentChange | None:
        """What one person has said last about being contacted."""
        if not self.people.consents:
            return None
        return last_word(change for one in ids for change in self.people.consents.get(one, ()))

    def remember(self, lead: QualifiedLead) -> None:
        """Sales is told of a lead; what this batch says later may take it back."""
        self.qualified.setdefault(lead.person_id, []).append(lead)

    def hear_consent(self, change: ConsentChange) -> None:
        """Somebody allows or refuses something."""
        self.people.consents.setdefault(change.person_id, []).append(change)
        self.consents.append(change)

    def hear_merge(self, merge: Merge) -> None:
        """People are one, or are not any more."""
        known = self.people.merges.get(merge.id)
        holds = newer(known, merge)
        self.people.merges[merge.id] = self.merges[merge.id] = holds

    def hear_erasure(self, erasure: Erasure) -> None:
        """Somebody is to be forgotten; sales hears that itself, so nothing is withdrawn."""
        if erasure.person_id not in self.people.erasures:
            self.people.erasures[erasure.person_id] = erasure
            self.erasures.append(erasure)
        known = self.qualified.get(erasure.person_id, [])
        self.qualified[erasure.person_id] = [
            replace(lead, state=move(lead.state, LeadState.ERASED)) for lead in known
        ]

    def withdraw_refused(self, person_ids: Iterable[str], cause: Event[Fact]) -> None:
        """Take back what sales may not pursue any more, each lead once."""
        ids = {one for person_id in person_ids for one in self.kin(person_id)}
        for person_id in sorted(ids):
            self._withdraw_refused(person_id, cause)

    def _withdraw_refused(self, person_id: str, cause: Event[Fact]) -> None:
        ids = self.kin(person_id)
        known = self.qualified.get(person_id, [])
        taken = {
            lead.lead_id: withdrawn(lead)
            for lead in to_withdraw(known, self.history(ids), self.word(ids))
        }
        self.qualified[person_id] = [taken.get(lead.lead_id, lead) for lead in known]
        for lead in taken.values():
            self.withdrawn_ids.append(lead.lead_id)
            self.tx.publish(
                ProspectWithdrawn(
                    prospect_id=lead.prospect_id,
                    person_id=lead.person_id,
                    reason=CONSENT_WITHDRAWN,
                ),
                key=lead.person_id,
                subject=lead.lead_id,
                cause=cause,
                happened_at=cause.happened_at,
            )

    async def save(self) -> None:
        """Write what was heard of people, and what that changed about leads that were there."""
        await people.save_consents(self.tx, self.consents)
        await people.save_erasures(self.tx, self.erasures)
        await people.save_merges(self.tx, list(self.merges.values()))
        await leads.withdraw(self.tx, self.withdrawn_ids)
        await leads.erase(self.tx, [one.person_id for one in self.erasures])
        if self.withdrawn_ids:
            count = len(self.withdrawn_ids)
            self.tx.after_commit(lambda _at: metrics.WITHDRAWN.inc(count))
