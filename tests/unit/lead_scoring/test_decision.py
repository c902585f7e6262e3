"""The line: who is beyond it, who is not, and why not."""

from dataclasses import replace

import pytest
from hypothesis import given

from baton.contracts.vocabulary import LeadState
from lead_scoring.domain.decisions import (
    Case,
    Contact,
    Disqualified,
    Missing,
    Nurtured,
    Qualified,
    contact_of,
    decide,
    state_after,
)
from lead_scoring.domain.facts import LeadFact, history_of
from lead_scoring.domain.people import ConsentChange, Erasure
from lead_scoring.domain.policy import Policy
from lead_scoring.domain.recall import recall_of
from lead_scoring.domain.receipts import Rescored, Undone, Verdict, receipt_of
from lead_scoring.domain.scoring import Score, score_at
from lead_scoring.domain.verifying import Recorded, Rules, difference, recompute
from support.facts import NOON
from support.scoring_values import (
    DEFAULT_POLICY,
    EVERYBODY,
    PERSON,
    POLICIES,
    a_fact,
    a_policy,
    a_weak_fact,
    a_word,
    an_id,
    histories,
    words,
)

CONTACT = frozenset({"contact"})


def a_case(*facts: LeadFact, word: ConsentChange | None = None) -> Case:
    """The first fact is the lead that is decided."""
    return Case(facts[0], history_of(facts), word)


def made(decision: Verdict) -> object:
    """The decision without its score."""
    match decision:
        case Qualified():
            return "qualified"
        case Nurtured(missing=missing):
            return missing
        case Disqualified(reason=reason) | Undone(reason=reason):
            return reason
        case Rescored():
            return "rescored"


@pytest.mark.parametrize(
    ("case", "policy", "expected"),
    [
        (a_case(a_fact()), DEFAULT_POLICY, "qualified"),
        (a_case(a_weak_fact()), DEFAULT_POLICY, (Missing.POINTS,)),
        (a_case(a_weak_fact(), a_fact(2)), DEFAULT_POLICY, "qualified"),
        (a_case(a_fact(is_test=True)), DEFAULT_POLICY, "test"),
        (a_case(a_fact(fields=("company",))), DEFAULT_POLICY, (Missing.REACHABILITY,)),
        (a_case(a_fact(fields=("email",))), EVERYBODY, (Missing.REACHABILITY,)),
        (a_case(a_fact(fields=("external_id",), attributes={})), EVERYBODY, "qualified"),
        (a_case(a_fact()), a_policy(line={"needs_consent": True}), (Missing.CONSENT,)),
        (a_case(a_fact(consent=CONTACT)), a_policy(line={"needs_consent": True}), "qualified"),
        (
            a_case(a_fact(), word=a_word(grants=True)),
            a_policy(line={"needs_consent": True}),
            "qualified",
        ),
        (a_case(a_fact(), word=a_word(grants=False)), DEFAULT_POLICY, (Missing.CONSENT,)),
        (
            a_case(a_fact(), word=a_word(grants=False)),
            a_policy(line={"without_consent": "disqualify"}),
            "no_consent",
        ),
    ],
)
def test_the_line_is_drawn_by_points_reachability_and_consent(
    case: Case, policy: Policy, expected: object
) -> None:
    assert made(decide(case, policy)) == expected


def test_a_disqualifier_stands_above_all_points() -> None:
    rivals = {"id": "rival", "text": "a rival", "when": [{"attribute": "source", "any_of": ["r"]}]}
    policy = a_policy(disqualify=[rivals])

    decision = decide(a_case(a_fact(attributes={"source": "r"})), policy)

    assert made(decision) == "rival"


def test_who_is_forgotten_is_neither_scored_nor_pursued() -> None:
    case = replace(a_case(a_fact()), erasure=Erasure(an_id(1, 4), PERSON))

    decision = decide(case, DEFAULT_POLICY)

    assert decision == Disqualified(Score(0.0, 0.0, ()), "erased")
    assert state_after(decision) is LeadState.ERASED


@pytest.mark.parametrize(
    ("facts", "word", "expected"),
    [
        ((a_fact(),), None, Contact.UNKNOWN),
        ((a_fact(consent=CONTACT),), None, Contact.GRANTED),
        ((a_fact(), a_fact(2, consent=CONTACT)), None, Contact.GRANTED),
        ((a_fact(minutes=9),), a_word(grants=False), Contact.REFUSED),
        ((a_fact(minutes=9, consent=CONTACT),), a_word(grants=False), Contact.GRANTED),
        ((a_fact(minutes=-9, consent=CONTACT),), a_word(grants=False), Contact.REFUSED),
        (
            (a_fact(minutes=-9), a_fact(2, minutes=9, consent=CONTACT)),
            a_word(grants=False),
            Contact.REFUSED,
        ),
        (
            (a_fact(minutes=9), a_fact(2, minutes=8, consent=CONTACT)),
            a_word(grants=False),
            Contact.GRANTED,
        ),
        ((a_fact(minutes=9),), a_word(grants=True), Contact.GRANTED),
    ],
)
def test_a_refusal_speaks_about_what_came_before_it(
    facts: tuple[LeadFact, ...], word: ConsentChange | None, expected: Contact
) -> None:
    assert contact_of(facts[0].happened_at, history_of(facts), word) is expected


@given(histories(), words(), POLICIES)
def test_a_decision_comes_out_again_from_its_receipt(
    facts: list[LeadFact], word: ConsentChange | None, policy: Policy
) -> None:
    recorded = Recorded(
        {fact.event_id: fact for fact in facts}, {word.event_id: word} if word else {}, {}
    )

    for lead in facts:
        receipt = receipt_of(Case(lead, history_of(facts), word), policy, NOON)

        assert recompute(receipt, recorded, Rules({policy.version: policy})) == receipt.decision
        assert difference(receipt, recorded, Rules({policy.version: policy})) is None


def test_a_receipt_whose_facts_are_gone_or_changed_is_a_difference() -> None:
    fact = a_fact()
    receipt = receipt_of(a_case(fact), DEFAULT_POLICY, NOON)
    gone = Recorded({}, {}, {})
    changed = Recorded({fact.event_id: a_weak_fact()}, {}, {})

    missing = difference(receipt, gone, Rules({1: DEFAULT_POLICY}))
    other = difference(receipt, changed, Rules({1: DEFAULT_POLICY}))

    assert missing is not None
    assert missing.found is None
    assert other is not None
    assert other.found is not None
    assert made(other.found) == (Missing.POINTS,)


@given(histories(), POLICIES)
def test_the_last_decision_about_a_person_rests_on_everything_known_of_them(
    facts: list[LeadFact], policy: Policy
) -> None:
    counted = [fact for fact in facts if not fact.is_test]
    for lead in counted[-1:]:
        case = Case(lead, history_of(facts))
        decision = decide(case, policy)

        assert decision.score == score_at(history_of(counted), policy, None, case.at)


@given(histories(), POLICIES)
def test_what_is_remembered_is_what_would_be_decided(facts: list[LeadFact], policy: Policy) -> None:
    recall = recall_of(policy)

    for lead in facts:
        case = Case(lead, history_of([lead]))

        assert recall.decide(case, None) == decide(case, policy)


def test_true_is_no_number_to_what_is_remembered_either() -> None:
    policy = a_policy(
        line={"points": 1},
        rules=[
            {"id": "one", "group": "fit", "points": 1, "text": "one",
             "when": [{"attribute": "trait:size", "at_least": 1}]},
        ],
    )  # fmt: skip
    recall = recall_of(policy)
    cases = [a_case(a_fact(n, attributes={"trait:size": value}))
             for n, value in enumerate((1, True, 1), start=1)]  # fmt: skip

    found = [recall.decide(case, None) for case in cases]

    assert found == [decide(case, policy) for case in cases]
    assert [made(one) for one in found] == ["qualified", (Missing.POINTS,), "qualified"]
