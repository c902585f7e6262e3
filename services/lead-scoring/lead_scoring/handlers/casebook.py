"""The casebook: what a batch looks at and changes; all the people in it are locked."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from baton.contracts.vocabulary import LeadState
from baton.transaction import Transaction
from lead_scoring.domain.decisions import Case
from lead_scoring.domain.due import Due
from lead_scoring.domain.facts import NO_ROLL_UPS, History, LeadFact, PersonFact, history_of
from lead_scoring.domain.leads import OpenLead
from lead_scoring.domain.people import ConsentChange, Erasure, Merge, kin, last_word, newer
from lead_scoring.domain.policy import Policy
from lead_scoring.domain.scoring import Model
from lead_scoring.repository import due, leads, people
from lead_scoring.repository.people import People

Ids = tuple[str, ...]
"""All ids under which one person is known, in order."""


@dataclass(slots=True)
class Casebook:
    """Everything about the people of one batch, and what was heard and changed of them."""

    tx: Transaction
    policy: Policy
    people: People
    facts: dict[str, list[PersonFact]]
    open: dict[str, dict[str, OpenLead]] = field(default_factory=dict)
    due: dict[str, Due] = field(default_factory=dict)
    roll_ups: dict[str, Mapping[str, float]] = field(default_factory=dict)
    model: Model | None = None
    consents: list[ConsentChange] = field(default_factory=list)
    erasures: list[Erasure] = field(default_factory=list)
    merges: dict[str, Merge] = field(default_factory=dict)
    moved: dict[str, OpenLead] = field(default_factory=dict)
    decided: dict[str, list[Callable[[], OpenLead]]] = field(default_factory=dict)
    """Leads of this batch, by person, that nobody has asked for yet."""
    due_before: frozenset[str] = frozenset()

    def kin(self, person_id: str) -> Ids:
        """All ids under which a person is known."""
        if not self.people.merges:
            return (person_id,)
        merges, erased = self.people.merges.values(), self.people.erasures.keys()
        return tuple(sorted(kin(person_id, merges, erased)))

    def history(self, ids: Ids) -> History:
        """What counts of one person, under all of their ids."""
        alone = self.facts.get(ids[0], []) if len(ids) == 1 else []
        if len(alone) == 1:
            only = alone[0]
            if isinstance(only, LeadFact) and not only.is_test:
                return History((only,), roll_ups=self._roll_ups(ids))
        known = [fact for one in ids for fact in self.facts.get(one, ())]
        return history_of(known, self._roll_ups(ids))

    def word(self, ids: Iterable[str]) -> ConsentChange | None:
        """What one person has said last about being contacted."""
        if not self.people.consents:
            return None
        return last_word(change for one in ids for change in self.people.consents.get(one, ()))

    def moment(self, ids: Ids, history: History) -> datetime | None:
        """The person's own present: when the newest of what is known of them happened, or up to
        when it was said what time has done to them. None for somebody of whom nothing is known.
        """
        said = [self.due[one].as_of for one in ids if one in self.due] if self.due else []
        return max([history.newest_at, *said]) if history else max(said, default=None)

    def case_of(self, fact: LeadFact, ids: Ids, *, moment: datetime | None = None) -> Case:
        """A lead with all that is known of its person, judged when the newest of that happened, or
        at a moment that time alone has reached.
        """
        erasure = self.people.erasures.get(fact.person_id)
        return Case(fact, self.history(ids), self.word(ids), erasure, moment)

    def leads_of(self, ids: Ids) -> list[OpenLead]:
        """The leads of one person that may still move."""
        for one in ids:
            for lead in self.decided.pop(one, ()):
                self.remember(lead())
        return [lead for one in ids for lead in self.open.get(one, {}).values()]

    def hear(self, fact: PersonFact) -> None:
        """Something more is known of somebody."""
        self.facts.setdefault(fact.person_id, []).append(fact)

    def due_of(self, ids: Ids) -> Due | None:
        """What is due for one person."""
        return next((self.due[one] for one in ids if one in self.due), None) if self.due else None

    def set_due(self, ids: Ids, due: Due | None, moment: datetime) -> None:
        """What is due for one person from a moment on. Up to when it was said is never forgotten
        once there was something to say.
        """
        known = [self.due.pop(one) for one in ids if one in self.due] if self.due else []
        if due is not None:
            self.due[ids[0]] = due
        elif known:
            self.due[ids[0]] = Due(moment, None)

    def has_one_lead(self, person_id: str) -> bool:
        """Whether no more than a lead is known of a person, under one id."""
        known = self.facts.get(person_id, ())
        is_little = not known or (len(known) == 1 and isinstance(known[0], LeadFact))
        return is_little and not self.people.merges

    def remember(self, lead: OpenLead) -> None:
        """A lead was decided; what this batch hears later may change it."""
        self.open.setdefault(lead.person_id, {})[lead.lead_id] = lead

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
        for lead in self.leads_of((erasure.person_id,)):
            self.remember(replace(lead, state=LeadState.ERASED))
        self.due.pop(erasure.person_id, None)

    async def save(self) -> None:
        """Write what was heard of people, and what that changed about leads that were there."""
        await people.save_consents(self.tx, self.consents)
        await people.save_erasures(self.tx, self.erasures)
        await people.save_merges(self.tx, list(self.merges.values()))
        await leads.save_moved(self.tx, list(self.moved.values()))
        await leads.erase(self.tx, [one.person_id for one in self.erasures])
        await due.save(self.tx, self.due, gone=self.due_before - self.due.keys())

    def _roll_ups(self, ids: Ids) -> Mapping[str, float]:
        if not self.roll_ups:
            return NO_ROLL_UPS
        return next((self.roll_ups[one] for one in ids if one in self.roll_ups), NO_ROLL_UPS)
