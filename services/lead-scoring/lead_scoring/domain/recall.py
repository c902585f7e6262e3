"""Decisions that are remembered: most people have one lead, and most of those are alike.

What is decided about a lead that is all that is known of its person follows from the few
attributes that the policy asks for, and not from when it happened: nothing has faded yet. So what
was decided once is decided for all that are alike, and comes out the same as if it were decided
again, which a test proves.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from lead_scoring.domain.conditions import Between, Condition, Gave, GaveNone
from lead_scoring.domain.decisions import Case, Decision, Nurtured, decide
from lead_scoring.domain.facts import Value
from lead_scoring.domain.policy import CompanyRule, Policy
from lead_scoring.domain.scoring import Model

REMEMBERED_MAX: Final = 4096
POLICIES_MAX: Final = 4

Key = tuple[tuple[Value | None, ...], frozenset[str], bool]


@dataclass(slots=True)
class Recall:
    """What was decided by one policy, and by no model, about leads that are alike."""

    policy: Policy
    attributes: tuple[str, ...]
    numbers: tuple[str, ...]
    known: dict[Key, Decision] = field(default_factory=dict)

    def decide(self, case: Case, model: Model | None) -> Decision:
        """What becomes of a lead, exactly as `decisions.decide` says it."""
        if model is not None or not is_alone(case):
            return decide(case, self.policy, model)
        attributes = case.lead.profile.attributes
        for name in self.numbers:
            if isinstance(attributes.get(name), bool):  # true is equal to 1, and no number
                return decide(case, self.policy, None)
        key = (
            tuple([attributes.get(name) for name in self.attributes]),
            case.lead.profile.fields,
            case.lead.grants_contact,
        )
        found = self.known.get(key)
        return self._decide(case, key) if found is None else found

    def _decide(self, case: Case, key: Key) -> Decision:
        decision = decide(case, self.policy, None)
        if not isinstance(decision, Nurtured) or decision.again_at is None:
            if len(self.known) >= REMEMBERED_MAX:
                self.known.clear()
            self.known[key] = decision
        return decision


@lru_cache(maxsize=POLICIES_MAX)
def recall_of(policy: Policy) -> Recall:
    """What is remembered of a policy's decisions."""
    conditions = _conditions(policy)
    named = {one.attribute for one in conditions if not isinstance(one, Gave | GaveNone)}
    numbers = {one.attribute for one in conditions if isinstance(one, Between)}
    return Recall(policy, tuple(sorted(named)), tuple(sorted(numbers)))


def is_alone(case: Case) -> bool:
    """Whether the lead is all that is known of its person, and is judged when it happened."""
    history = case.history
    return (
        len(history.leads) == 1
        and history.leads[0] is case.lead
        and not history.activities
        and not history.enrichments
        and not history.roll_ups
        and case.moment is None
        and case.consent is None
        and case.erasure is None
    )


def _conditions(policy: Policy) -> list[Condition]:
    asking = [
        *(rule for rule in policy.rules if not isinstance(rule, CompanyRule)),
        *policy.disqualifiers,
        *policy.segments,
    ]
    return [condition for one in asking for condition in one.when]
