"""The replay decides from what was known, says no skill when there is none, and serves that."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baton.contracts.vocabulary import Outcome
from lead_scoring.domain.probability.documents import model_of
from lead_scoring.learning.cases import Case
from lead_scoring.learning.experts import BASE_RATE
from lead_scoring.learning.frame import frame_of
from lead_scoring.learning.replay import CHAMPION, Replay, replayed
from lead_scoring.learning.settings import Settings
from lead_scoring.learning.timeline import timeline_of
from lead_scoring.learning.training import TrainingReport, compare, evidence_of, train
from support.learning_cases import silent_cases, slow_cases, telling_cases

SETTINGS = Settings(chunks=6)
SLOW = slow_cases(240)


@pytest.fixture(scope="module")
def told() -> TrainingReport:
    return train(telling_cases(1200), SETTINGS)


@pytest.fixture(scope="module")
def untold() -> TrainingReport:
    return train(silent_cases(1200), SETTINGS)


def test_a_skill_that_is_there_is_shown(told: TrainingReport) -> None:
    champion, base = told.measures[CHAMPION], told.measures[BASE_RATE]

    assert told.words == "skill"
    assert champion.log_loss is not None
    assert base.log_loss is not None
    assert champion.log_loss < base.log_loss - 0.05
    assert sum(told.weights.values()) == pytest.approx(1)


def test_what_is_served_tells_good_leads_from_bad_ones(told: TrainingReport) -> None:
    model = model_of(told.document)

    good = model.predict({"source": "referral", "employees": 150.0})
    bad = model.predict({"source": "display", "employees": 10.0})

    assert good.has_skill
    assert good.probability > 0.8
    assert bad.probability < 0.1


def test_where_nothing_tells_the_answer_is_the_base_rate(untold: TrainingReport) -> None:
    said = model_of(untold.document).predict({"source": "search"})

    assert untold.words == "no skill"
    assert not said.has_skill
    assert said.contributions == {}
    assert said.probability == pytest.approx(0.3, abs=0.05)


def test_a_challenger_with_skill_is_promoted_and_not_the_other_way(
    told: TrainingReport, untold: TrainingReport
) -> None:
    fresh = telling_cases(600, seed=9)

    better = compare(untold.document, told.document, fresh)
    worse = compare(told.document, untold.document, fresh)

    assert better.is_due
    assert not worse.is_due
    assert "document" not in evidence_of(told)


def test_a_segment_without_skill_gets_its_own_base_rate() -> None:
    telling = [_in(case, "telling") for case in telling_cases(1200)]
    silent = [_in(case, "silent") for case in silent_cases(1200, rate=0.6)]

    report = train(telling + silent, Settings(chunks=6, segment="segment"))

    model = model_of(report.document)
    assert report.segments == {"telling": "skill", "silent": "no skill"}
    assert model.predict({"segment": "telling", "source": "display"}).has_skill
    said = model.predict({"segment": "silent", "source": "display"})
    assert not said.has_skill
    assert said.probability == pytest.approx(0.6, abs=0.05)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(chunk=st.integers(2, 4), seed=st.integers(0, 99))
def test_what_comes_later_changes_no_earlier_prediction(chunk: int, seed: int) -> None:
    timeline = timeline_of(frame_of(SLOW), 5)
    now = timeline.moment(chunk).known.now
    random = np.random.default_rng(seed)
    changed = [
        case
        if case.closed_at is not None and case.closed_at <= now
        else _another(case, now, random)
        for case in SLOW
    ]

    before, after = (_predictions(cases, chunk) for cases in (SLOW, changed))

    assert np.array_equal(before, after, equal_nan=True)


def _is_closed(case: Case, now: float) -> bool:
    return case.closed_at is not None and case.closed_at <= now


def _another(case: Case, now: float, random: np.random.Generator) -> Case:
    """The same until now: later it ends some other way, at some other time."""
    if random.random() < 0.5:
        return replace(case, outcome=None, closed_at=None)
    closed_at = max(now, case.decided_at) + 0.01 + float(random.exponential(10))
    return replace(case, outcome=Outcome.WON, closed_at=closed_at)


def _predictions(cases: list[Case], chunk: int) -> np.ndarray:
    """What the champion said up to this chunk, and says of it."""
    replay = Replay.of(timeline_of(frame_of(cases), 5), Settings(chunks=5, outcomes_min=5))
    for moment, _ in replayed(replay):
        if moment.chunk == chunk:
            break
    return replay.streams[CHAMPION].probabilities[: replay.timeline.starts[chunk + 1]]


def _in(case: Case, segment: str) -> Case:
    return replace(case, traits={**case.traits, "segment": segment})
