"""Deciding leads: each decision gets a receipt and an event, and gives the lead its state."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from baton.contracts.fact import Fact
from baton.contracts.vocabulary import LeadState
from baton.ids import new_id
from lead_scoring import metrics
from lead_scoring.domain.decisions import Case, Decision, Nurtured, Qualified
from lead_scoring.domain.decisions import state_after as state_of
from lead_scoring.domain.due import due_of, watches_leads, watches_time
from lead_scoring.domain.facts import LeadFact
from lead_scoring.domain.leads import OpenLead, move
from lead_scoring.domain.policy import texts_of
from lead_scoring.domain.recall import Recall, recall_of
from lead_scoring.domain.receipts import Receipt, Rescored, Undone, receipt_of, score_in
from lead_scoring.handlers import sayings
from lead_scoring.handlers.casebook import Casebook, Ids
from lead_scoring.handlers.occasion import Occasion
from lead_scoring.repository import leads, receipts
from lead_scoring.repository.receipts import result_of


@dataclass(slots=True)
class Deciding:
    """The decisions of one batch, until they are saved."""

    book: Casebook
    texts: sayings.Texts
    recall: Recall
    watches_time: bool
    watches_leads: bool
    receipts: list[Receipt] = field(default_factory=list)
    fresh: dict[str, tuple[LeadState, str | None]] = field(default_factory=dict)
    """New leads: their state, and the prospect proposed for them."""

    @classmethod
    def by(cls, book: Casebook) -> "Deciding":
        """Decide by the policy of a casebook."""
        policy = book.policy
        return cls(
            book,
            texts_of(policy),
            recall_of(policy),
            watches_time(policy),
            watches_leads(policy),
        )

    def decide(self, fact: LeadFact, ids: Ids, occasion: Occasion) -> None:
        """Decide a lead that was never decided before, and say what it became."""
        book = self.book
        case = book.case_of(fact, ids)
        decision = self.recall.decide(case, book.model)
        receipt = receipt_of(case, book.policy, book.tx.now, model=book.model, decision=decision)
        state = move(LeadState.CAPTURED, state_of(decision))
        prospect_id = sayings.prospect_id_of(fact) if state is LeadState.QUALIFIED else None
        self.fresh[fact.lead_id] = (state, prospect_id)
        if not fact.is_test:
            lead = partial(_lead_after, case, receipt, decision, LeadState.CAPTURED)
            book.decided.setdefault(fact.person_id, []).append(lead)
        self._say(receipt, fact, occasion, prospect_id)

    def decide_again(
        self,
        lead: OpenLead,
        ids: Ids,
        occasion: Occasion,
        *,
        moment: datetime | None,
        says_all: bool,
    ) -> bool:
        """Decide a nurtured lead again, now that more is known or, at a `moment`, time has passed;
        returns whether anything was said. That it stays nurtured is said only if `says_all`.
        """
        book = self.book
        case = book.case_of(lead.fact, ids, moment=moment)
        receipt = receipt_of(case, book.policy, book.tx.now, model=book.model, receipt_id=new_id())
        decision = _decision_in(receipt)
        if isinstance(decision, Nurtured) and not says_all:
            return False
        after = _lead_after(case, receipt, decision, lead.state)
        self.keep(after)
        self._say(receipt, lead.fact, occasion, after.prospect_id)
        return True

    def keep(self, lead: OpenLead) -> None:
        """A lead has another state, or was decided anew."""
        if lead.lead_id in self.fresh:
            self.fresh[lead.lead_id] = (lead.state, lead.prospect_id)
        # When it was taken back is written beside its state.
        if lead.lead_id not in self.fresh or lead.state is LeadState.WITHDRAWN:
            self.book.moved[lead.lead_id] = lead
        self.book.remember(lead)

    def say(self, fact: Fact, receipt: Receipt, occasion: Occasion) -> None:
        """Say what a receipt is about, and keep the receipt."""
        self.receipts.append(receipt)
        self.book.tx.publish(
            fact,
            key=receipt.person_id,
            subject=receipt.lead_id or receipt.person_id,
            cause=occasion.cause,
            happened_at=occasion.happened_at,
        )

    def look_ahead(self, ids: Ids) -> None:
        """Find when time will do something to a person next."""
        book = self.book
        watches = self.watches_leads if book.has_one_lead(ids[0]) else self.watches_time
        if (not watches and book.due_of(ids) is None) or ids[0] in book.people.erasures:
            return
        history = book.history(ids)
        moment = book.moment(ids, history)
        if moment is not None:
            due = due_of(history, book.leads_of(ids), book.policy, moment)
            book.set_due(ids, due, moment)

    async def save(self) -> None:
        """Write the decisions."""
        tx, version = self.book.tx, self.book.policy.version
        rows = [(lead_id, *after) for lead_id, after in self.fresh.items()]
        await leads.save(tx, rows)
        await receipts.save(tx, self.receipts)
        decided = self.receipts
        tx.after_commit(lambda _at: _count(decided, version))

    def _say(
        self, receipt: Receipt, fact: LeadFact, occasion: Occasion, prospect_id: str | None
    ) -> None:
        self.say(sayings.decided(receipt, fact, self.texts, prospect_id), receipt, occasion)


def _decision_in(receipt: Receipt) -> Decision:
    decision = receipt.decision
    assert not isinstance(decision, Rescored | Undone), "a lead was decided"
    return decision


def _lead_after(case: Case, receipt: Receipt, decision: Decision, before: LeadState) -> OpenLead:
    return OpenLead(
        fact=case.lead,
        state=move(before, state_of(decision)),
        prospect_id=sayings.prospect_id_of(case.lead) if isinstance(decision, Qualified) else None,
        policy_version=receipt.policy_version,
        moment=case.at,
        model_version=receipt.model_version,
        again_at=decision.again_at if isinstance(decision, Nurtured) else None,
    )


def _count(decided: list[Receipt], policy_version: int) -> None:
    metrics.POLICY_VERSION.set(policy_version)
    results = Counter(result_of(one.decision) for one in decided)
    for result, count in results.items():
        metrics.DECISIONS.labels(result).inc(count)
    metrics.WITHDRAWN.inc(results["undone"])
    for one in decided:
        if isinstance(one.decision, Qualified | Nurtured):
            metrics.SCORES.observe(score_in(one.decision).points)
