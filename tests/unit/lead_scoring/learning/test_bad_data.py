"""Bad data gets a right answer, never an exception."""

from dataclasses import replace

import pytest

from baton.contracts.vocabulary import Outcome
from lead_scoring.domain.probability.documents import model_of
from lead_scoring.learning.cases import Case
from lead_scoring.learning.evaluating import Plan, evaluate
from lead_scoring.learning.settings import Settings
from lead_scoring.learning.training import train
from support.learning_cases import silent_cases, slow_cases, telling_cases

SETTINGS = Settings(chunks=4)


def _rate(cases: list[Case]) -> float:
    return model_of(train(cases, SETTINGS).document).predict({"source": "search"}).probability


@pytest.mark.parametrize("count", [0, 1, 3, 25])
def test_too_few_cases_get_a_base_rate(count: int) -> None:
    assert 0 < _rate(silent_cases(count)) < 1


@pytest.mark.parametrize(("outcome", "low", "high"), [("won", 0.98, 1), ("lost", 0, 0.02)])
def test_one_class_only_gets_nearly_certainty(outcome: str, low: float, high: float) -> None:
    cases = [replace(case, outcome=Outcome(outcome)) for case in silent_cases(400)]

    assert low <= _rate(cases) <= high


def test_a_few_outcomes_among_many_get_their_rate() -> None:
    cases = [replace(case, outcome=Outcome.LOST) for case in silent_cases(600)]
    for at in (50, 200, 350):
        cases[at] = replace(cases[at], outcome=Outcome.WON)

    assert _rate(cases) == pytest.approx(0.005, abs=0.005)


def test_ten_thousand_categories_do_no_harm() -> None:
    cases = [
        replace(case, traits={**case.traits, "id": f"id {at}"})
        for at, case in enumerate(telling_cases(10_000))
    ]

    report = train(cases, Settings(chunks=5))

    model = model_of(report.document)
    good = model.predict({"source": "referral", "employees": 150.0, "id": "never seen"})
    assert good.probability > 0.8


def test_constant_and_empty_traits_say_nothing() -> None:
    cases = [
        Case(str(at), float(at), {"a": "x", "b": None, "c": 1.0}, case.outcome)
        for at, case in enumerate(silent_cases(400))
    ]

    assert _rate(cases) == pytest.approx(0.3, abs=0.06)


def test_no_outcome_at_all_gets_an_answer() -> None:
    cases = [replace(case, outcome=None, closed_at=None) for case in slow_cases(200)]

    assert 0 < _rate(cases) < 1


@pytest.mark.parametrize("cuts", [(), (0.5, 0.75)])
@pytest.mark.parametrize("count", [0, 2, 60])
def test_an_evaluation_has_all_figures_of_any_history(count: int, cuts: tuple[float, ...]) -> None:
    found = evaluate(slow_cases(count), SETTINGS, Plan(cuts=cuts), lambda _: None)

    assert set(found) == {"champion", "candidates", "base_rate", "recent"}
