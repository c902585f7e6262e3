"""Deciding the new leads of a batch: each gets one receipt, one state and one event."""

from collections import Counter
from dataclasses import dataclass, field

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.marketing import LeadCaptured
from baton.contracts.vocabulary import LeadState
from lead_scoring import metrics
from lead_scoring.domain.decisions import Disqualified, Qualified, state_after
from lead_scoring.domain.facts import LeadFact
from lead_scoring.domain.leads import QualifiedLead, move
from lead_scoring.domain.policy import texts_of
from lead_scoring.domain.receipts import Receipt, receipt_of, score_in
from lead_scoring.handlers import sayings
from lead_scoring.handlers.casebook import Casebook
from lead_scoring.repository import leads, receipts
from lead_scoring.repository.receipts import result_of


@dataclass(slots=True)
class Deciding:
    """The decisions of one batch, until they are saved."""

    casebook: Casebook
    texts: sayings.Texts
    receipts: list[Receipt] = field(default_factory=list)
    leads: list[tuple[str, LeadState, str | None]] = field(default_factory=list)

    @classmethod
    def by(cls, casebook: Casebook) -> "Deciding":
        """Decide by the policy of a casebook."""
        return cls(casebook, texts_of(casebook.policy))

    def decide(self, event: Event[Fact], data: LeadCaptured, fact: LeadFact) -> None:
        """Decide a lead that was never decided before, and say what it became."""
        tx = self.casebook.tx
        receipt = receipt_of(self.casebook.case_of(fact), self.casebook.policy, tx.now)
        state = move(LeadState.CAPTURED, state_after(receipt.decision))
        prospect_id = None
        if isinstance(receipt.decision, Qualified):
            prospect_id = sayings.prospect_id_of(receipt)
            self.casebook.remember(_qualified(fact, prospect_id))
        self.receipts.append(receipt)
        self.leads.append((fact.lead_id, state, prospect_id))
        tx.publish(
            sayings.decided(receipt, data, self.texts),
            key=event.key,
            subject=fact.lead_id,
            cause=event,
            happened_at=event.happened_at,
        )

    async def save(self) -> None:
        """Write the decisions."""
        tx, version = self.casebook.tx, self.casebook.policy.version
        await leads.save(tx, self.leads)
        await receipts.save(tx, self.receipts)
        decided = self.receipts
        tx.after_commit(lambda _at: _count(decided, version))


def _qualified(fact: LeadFact, prospect_id: str) -> QualifiedLead:
    return QualifiedLead(
        lead_id=fact.lead_id,
        person_id=fact.person_id,
        happened_at=fact.happened_at,
        prospect_id=prospect_id,
        has_outcome=False,
    )


def _count(decided: list[Receipt], policy_version: int) -> None:
    metrics.POLICY_VERSION.set(policy_version)
    for result, count in Counter(result_of(one.decision) for one in decided).items():
        metrics.DECISIONS.labels(result).inc(count)
    for one in decided:
        if not isinstance(one.decision, Disqualified):
            metrics.SCORES.observe(score_in(one.decision).points)
