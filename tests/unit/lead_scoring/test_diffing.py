"""Who would have been beyond the line under a draft, by what was known at each time."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lead_scoring.domain.diff_counts import WonDeal, counts_of
from lead_scoring.domain.diffing import (
    Compared,
    Judges,
    Past,
    Period,
    Side,
    changes_of,
    compare,
    judge_of,
)
from lead_scoring.domain.facts import PersonFact, history_of
from lead_scoring.domain.people import ConsentChange
from lead_scoring.domain.policy import Policy
from support.facts import NOON
from support.scoring_histories import MOVING_POLICIES, an_activity, person_facts
from support.scoring_values import DEFAULT_POLICY, PERSON, a_fact, a_policy, a_word, an_id

ALL = Period(None, NOON + timedelta(days=3000))
DEMO = {
    "id": "demo", "group": "engagement", "points": 20, "text": "asked for a demo",
    "activities": ["demo_requested"],
}  # fmt: skip
FADING = {"engagement": {"decay": {"half_life_days": 10}}}
POLICIES = MOVING_POLICIES | st.sampled_from([DEFAULT_POLICY])


def asking(points: float, *rules: dict[str, Any], version: int = 2, **document: Any) -> Policy:
    """A policy with these rules and a line at these points."""
    line = {"points": points} | document.pop("line", {})
    return a_policy(version, rules=list(rules), line=line, **document)


def compared(
    before: Policy, after: Policy, *facts: PersonFact, period: Period = ALL,
    said: tuple[ConsentChange, ...] = (),
) -> Compared | None:  # fmt: skip
    """Somebody of whom all of this is known."""
    past = Past(PERSON, history_of(facts), said)
    return compare(past, Judges(judge_of(before), judge_of(after)), period)


def side(*arguments: Any, **keywords: Any) -> Side | None:
    """Where they are."""
    found = compared(*arguments, **keywords)
    return None if found is None else found.side


def test_a_lower_line_takes_somebody_in_and_a_higher_one_leaves_them_out() -> None:
    low, high = asking(0), asking(5, DEMO, version=3)

    assert side(high, low, a_fact()) is Side.NEWLY
    assert side(low, high, a_fact()) is Side.NO_LONGER
    assert side(low, low.with_version(4), a_fact()) is Side.STILL
    assert side(high, high.with_version(4), a_fact()) is Side.NEVER


def test_the_first_crossing_counts_with_both_scores_as_they_were_then() -> None:
    before, after = asking(100, DEMO | {"times_max": 9}), asking(20, DEMO, version=3)

    found = compared(before, after, a_fact(), an_activity(1, minutes=5), an_activity(2, minutes=9))

    assert found is not None
    assert found.decided_at == NOON + timedelta(minutes=5)
    assert (found.before.points, found.after.points) == (20, 20)


def test_what_had_faded_by_the_time_of_the_lead_does_not_count() -> None:
    line, day = asking(19, DEMO), 24 * 60
    fading = asking(19, DEMO, version=3, **FADING)
    facts = (an_activity(minutes=0), a_fact(minutes=30 * day))

    assert side(line, fading, *facts) is Side.NO_LONGER


def test_what_somebody_did_later_lifts_their_lead_although_it_fades_again() -> None:
    nothing, fading = asking(1, DEMO, version=1), asking(19, DEMO, version=3, **FADING)

    assert side(asking(100, DEMO | {"times_max": 9}), fading, a_fact(), an_activity(minutes=7)) is (
        Side.NEWLY
    )
    assert side(nothing, fading, a_fact()) is Side.NEVER


def test_only_what_happened_in_the_period_decides_and_what_came_before_is_known() -> None:
    before, after = asking(100, DEMO | {"times_max": 9}), asking(20, DEMO, version=3)
    facts = (a_fact(), an_activity(minutes=60))
    early = Period(NOON, NOON + timedelta(minutes=30))
    late = Period(NOON + timedelta(minutes=30), NOON + timedelta(minutes=90))
    after_all = Period(NOON + timedelta(minutes=90), NOON + timedelta(minutes=99))

    assert side(before, after, *facts, period=early) is Side.NEVER
    assert side(before, after, *facts, period=late) is Side.NEWLY
    assert compared(before, after, *facts, period=after_all) is None


def test_consent_counts_from_when_it_was_given() -> None:
    free = asking(0)
    asks = asking(0, version=3, line={"needs_consent": True})

    assert side(free, asks, a_fact()) is Side.NO_LONGER
    assert side(free, asks, a_fact(), said=(a_word(grants=True, minutes=5),)) is Side.STILL
    refused = (a_word(grants=False, minutes=5),)
    assert side(free, free.with_version(4), a_fact(), said=refused) is Side.STILL


def test_a_lead_that_is_disqualified_stays_so() -> None:
    never = {"id": "free", "text": "?", "when": [{"attribute": "email_kind", "any_of": ["free"]}]}
    line, strict = asking(0), asking(0, version=3, disqualify=[never])
    weak = a_fact(attributes={"email_kind": "free"})
    better = a_fact(2, minutes=5, attributes={"email_kind": "business"})

    assert side(line, strict, weak, an_activity(minutes=5)) is Side.NO_LONGER
    assert side(line, strict, weak, better) is Side.STILL


def test_time_alone_lifts_somebody_when_what_counts_against_them_fades() -> None:
    left = {
        "id": "left", "group": "engagement", "points": -30, "text": "unsubscribed",
        "activities": ["demo_requested"],
    }  # fmt: skip
    hard, soft = asking(-5, left), asking(-5, left, version=3, **FADING)
    facts = (an_activity(), a_fact(minutes=10))

    found = compared(hard, soft, *facts)

    assert found is not None
    assert found.side is Side.NEWLY
    assert found.decided_at > NOON + timedelta(days=20)
    assert side(hard, soft, *facts, period=Period(None, NOON + timedelta(days=5))) is Side.NEVER


def test_whoever_has_no_lead_is_not_compared() -> None:
    assert compared(asking(0), asking(5, DEMO, version=3), an_activity()) is None


def test_the_reasons_are_the_rules_that_differ_the_weightiest_first() -> None:
    anybody = {"id": "anybody", "group": "fit", "points": 1, "text": "anybody"}
    before = asking(20, DEMO | {"points": 12, "times_max": 2})
    after = asking(11, DEMO | {"points": 30}, anybody, version=3)

    found = compared(before, after, a_fact(minutes=2), an_activity(minutes=1))

    assert found is not None
    assert [(one.rule, one.before, one.after) for one in changes_of(found)] == [
        ("demo", 12, 30),
        ("anybody", 0, 1),
    ]


@given(person_facts(), POLICIES, POLICIES)
def test_comparing_the_other_way_round_turns_the_sides(
    facts: list[PersonFact], one: Policy, other: Policy
) -> None:
    other = other.with_version(7)
    turned = {Side.NEWLY: Side.NO_LONGER, Side.NO_LONGER: Side.NEWLY}

    there, back = compared(one, other, *facts), compared(other, one, *facts)

    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert back.side is turned.get(there.side, there.side)


def test_deals_are_counted_by_source_and_side_and_never_added_across_currencies() -> None:
    source = an_id(1, 9)
    one, low = a_fact(), asking(0)
    found = [
        compared(asking(9, DEMO), low.with_version(3), one),
        compared(low, low.with_version(3), one),
    ]
    deals = {
        PERSON: [
            WonDeal("EUR", Decimal("1250.50")), WonDeal("EUR", Decimal("0.25")),
            WonDeal("BRL", Decimal(7)), WonDeal(None, None),
        ]
    }  # fmt: skip

    counts = counts_of([one for one in found if one], deals)

    newly = counts[source, Side.NEWLY]
    assert (newly.people, newly.won) == (1, 4)
    assert newly.amounts == {"EUR": Decimal("1250.75"), "BRL": Decimal(7)}
    assert counts[source, Side.STILL].people == 1
