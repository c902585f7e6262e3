"""What is served is what was learned: the same numbers, explained, written down and read back."""

import json
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from lead_scoring.domain.facts import Value
from lead_scoring.domain.probability.average import Average
from lead_scoring.domain.probability.base_rate import BaseRate
from lead_scoring.domain.probability.calibration import Calibrated, Isotonic, Platt
from lead_scoring.domain.probability.documents import document_of, model_of
from lead_scoring.domain.probability.prediction import Model, Traits, probability_of
from lead_scoring.domain.probability.reading import WrongDocument
from lead_scoring.domain.probability.segmented import Segmented
from lead_scoring.learning.candidates import (
    base_rate,
    gradient_boosting,
    logistic_regression,
    naive_bayes,
)
from lead_scoring.learning.cases import Case
from lead_scoring.learning.experts import lessons_of
from lead_scoring.learning.frame import frame_of
from lead_scoring.learning.histories import ALL
from lead_scoring.learning.settings import Settings
from lead_scoring.learning.timeline import timeline_of
from lead_scoring.learning.vectors import log_odds
from support.learning_cases import telling_cases

CASES = telling_cases(800)
FRAME = frame_of(CASES, "source")
LESSONS = lessons_of(timeline_of(FRAME, 4).moment(4), ALL, Settings())
LEARNERS = {
    "base rate": base_rate.learn,
    "naive Bayes": naive_bayes.learn,
    "logistic regression": logistic_regression.learn,
    "following regression": logistic_regression.learn_and_follow,
    "gradient boosting": gradient_boosting.learn,
}


@pytest.fixture(scope="module")
def models() -> Mapping[str, Model]:
    learned: dict[str, Model] = {name: learn(LESSONS) for name, learn in LEARNERS.items()}
    boosted, regression = learned["gradient boosting"], learned["logistic regression"]
    average = Average((0.3, 0.7), (boosted, regression))
    return {
        **learned,
        "average": average,
        "Platt": Calibrated(average, Platt(-0.2, 0.7)),
        "isotonic": Calibrated(regression, Isotonic((-2.0, 0.0, 1.0), (-3.0, -0.5, 2.0))),
        "segmented": Segmented("source", {"search": BaseRate(-1.0), "social": boosted}, average),
    }


def test_the_served_form_says_the_same_as_the_columns(models: Mapping[str, Model]) -> None:
    for name, model in models.items():
        served = [model.predict(case.traits).log_odds for case in CASES]

        columns = log_odds(model, FRAME, np.arange(len(CASES)))

        assert np.max(np.abs(columns - served)) < 1e-9, name


def test_contributions_add_up_to_the_probability(models: Mapping[str, Model]) -> None:
    for name, model in models.items():
        for case in CASES[:100]:
            said = model.predict(case.traits)

            total = said.base + sum(said.contributions.values())

            assert said.probability == probability_of(total), name


def test_a_document_gives_the_same_digits_back(models: Mapping[str, Model]) -> None:
    for name, model in models.items():
        again = model_of(json.loads(json.dumps(document_of(model), allow_nan=False)))

        for case in CASES[:100]:
            assert again.predict(case.traits) == model.predict(case.traits), name


def test_trees_say_what_the_library_says_and_the_same_each_time() -> None:
    numbers = frame_of([replace(one, traits=_numbers(one)) for one in CASES])
    lessons = lessons_of(timeline_of(numbers, 4).moment(4), ALL, Settings())
    matrix = numbers.columns[0].numbers[:, None]

    model = gradient_boosting.learn(lessons)

    library = gradient_boosting._fitted(matrix, lessons).decision_function(matrix)
    served = log_odds(model, numbers, np.arange(len(CASES)))
    assert np.max(np.abs(served - library)) < 1e-9
    assert gradient_boosting.learn(lessons) == model


def _numbers(case: Case) -> dict[str, Value | None]:
    return {"employees": case.traits["employees"]}


def test_what_was_never_seen_gets_an_answer(models: Mapping[str, Model]) -> None:
    strange: Traits = {
        "source": "a new one",
        "employees": float("inf"),
        "is_returning": 7,
        "else": "x",
    }
    others: list[Traits] = [strange, {}, {"employees": "many"}, {"source": 10**400}]
    for model in models.values():
        for traits in others:
            assert 0 < model.predict(traits).probability < 1


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], "document"),
        ({"format": 2, "model": {}}, "document.format"),
        ({"format": 1}, "document.model"),
        ({"format": 1, "model": {"kind": "oracle"}}, "document.model.kind"),
        ({"format": 1, "model": {"kind": "base_rate"}}, "document.model.log_odds"),
        ({"format": 1, "model": {"kind": "base_rate", "log_odds": "1"}}, "log_odds"),
        (
            {"format": 1, "model": {"kind": "trees", "base": 0, "features": [], "trees": [{}]}},
            "document.model.trees[0].features",
        ),
    ],
)
def test_a_wrong_document_is_refused_with_its_place(document: object, place: str) -> None:
    with pytest.raises(WrongDocument) as caught:
        model_of(document)

    assert place in str(caught.value)


def test_a_tree_that_never_ends_is_refused() -> None:
    tree = {
        "features": [0, 0],
        "thresholds": [0, 0],
        "left": [1, 0],
        "right": [1, 0],
        "missing_left": [1, 1],
        "values": [0, 0],
    }
    model = {"kind": "trees", "base": 0, "features": [{"trait": "a"}], "trees": [tree]}

    with pytest.raises(WrongDocument, match="node 1 must have children that come after it"):
        model_of({"format": 1, "model": model})
