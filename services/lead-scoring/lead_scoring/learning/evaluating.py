"""The evaluation: a replay of a whole data set, measured against what came true in the end."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from lead_scoring.domain.probability.prediction import Model
from lead_scoring.learning.candidates import base_rate, logistic_regression
from lead_scoring.learning.cases import Case
from lead_scoring.learning.experts import AVERAGE, BASE_RATE, CANDIDATES, expert_names, is_enough
from lead_scoring.learning.frame import Booleans, Floats, Frame, Integers, frame_of
from lead_scoring.learning.lessons import Lessons
from lead_scoring.learning.measures import Measures, measure
from lead_scoring.learning.replay import CHAMPION, Replay, predictions, replayed
from lead_scoring.learning.settings import Settings
from lead_scoring.learning.standing import Standing
from lead_scoring.learning.timeline import Moment, timeline_of
from lead_scoring.learning.vectors import log_odds, probabilities

Told = Mapping[str, object]
Tell = Callable[[Told], None]
"""Is told of each chunk and cut as soon as it is done."""

MEASURED: Final = ("log_loss", "brier", "auc", "calibration_error", "mean_predicted", "mean_actual")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured: the second half of the chunks, or what follows each of these cuts."""

    cuts: Sequence[float] = ()
    recent: float | None = 60.0
    """Of so many days before a moment, or of the chunk before it, the mean prediction is compared
    with what came true."""


@dataclass(frozen=True, slots=True)
class Truth:
    """All cases, whose end is known at last, and what is measured of them."""

    frame: Frame
    judged: Booleans
    plan: Plan


@dataclass(frozen=True, slots=True)
class Test:
    """Predictions by name for cases after a moment, and what is compared of those before it."""

    chunk: int
    rows: Integers
    predicted: Mapping[str, Floats]
    recent: Mapping[str, float]


def evaluate(
    cases: Iterable[Case], settings: Settings, plan: Plan, tell: Tell
) -> dict[str, object]:
    """Replay all cases in their order; returns the figures, pooled. Never raises for bad data."""
    frame = frame_of(cases, settings.segment)
    truth = Truth(frame, _judged(frame), plan)
    tests, last = _tests(truth, settings, tell)
    names = [*CANDIDATES, AVERAGE, *(one for own in expert_names().values() for one in own)]
    figures = {name: _pooled(tests, name, truth) for name in (*names, BASE_RATE, CHAMPION)}
    return {
        "champion": {
            **figures[CHAMPION],
            "skill": bool(last is not None and last.verdict.has_skill),
            "regret": _regret(figures[CHAMPION], [figures[one] for one in (*names, BASE_RATE)]),
        },
        "candidates": {name: figures[name] for name in names},
        "base_rate": figures[BASE_RATE],
        "recent": _recent(tests),
    }


def _tests(truth: Truth, settings: Settings, tell: Tell) -> tuple[list[Test], Standing | None]:
    frame, cuts_at = truth.frame, truth.plan.cuts
    if len(frame) == 0:
        return [], None
    timeline = timeline_of(frame, settings.chunks)
    cuts = {min(max(round(cut * timeline.chunks), 1), timeline.chunks - 1) for cut in cuts_at}
    tests, standing = [], None
    for moment, standing in replayed(Replay.of(timeline, settings)):
        if moment.chunk == timeline.chunks:
            break
        is_cut = moment.chunk in cuts
        if cuts and not is_cut:
            tell({"progress": moment.chunk, "of": timeline.chunks})
            continue
        rows = np.arange(moment.coming[0], len(frame)) if is_cut else moment.coming
        recent = _recently(moment, standing, truth)
        test = Test(moment.chunk, rows, predictions(standing, frame, rows), recent)
        tell(_told(test, standing, timeline.chunks, truth))
        if is_cut or moment.chunk >= timeline.chunks / 2:
            tests.append(test)
    return tests, standing


def _judged(frame: Frame) -> Booleans:
    """Whose end is known at last. Where only wins are told, who is not won is lost by then."""
    closed = np.isfinite(frame.closed)
    return closed if np.any(closed & ~frame.won) else np.ones(len(frame), dtype=np.bool_)


def _told(test: Test, standing: Standing, chunks: int, truth: Truth) -> Told:
    judged, won = truth.judged, truth.frame.won
    rows = test.rows[judged[test.rows]]
    kept = judged[test.rows]
    figures = {
        name: _figures(measure(test.predicted[name][kept], won[rows]))
        for name in (BASE_RATE, *CANDIDATES, AVERAGE, CHAMPION)
    }
    return {
        "progress": test.chunk,
        "of": chunks,
        "cases": len(rows),
        "measures": figures,
        "verdict": asdict(standing.verdict),
        "words": standing.verdict.words,
        "calibration": standing.method.value,
        "recent": test.recent,
    }


def _pooled(tests: Sequence[Test], name: str, truth: Truth) -> dict[str, float | None]:
    """Over all cases together; of cuts, whose cases overlap, the mean over the cuts."""
    if not tests:
        return _figures(measure(np.empty(0), np.empty(0, dtype=np.bool_)))
    judged, won = truth.judged, truth.frame.won
    parts = [(one.predicted[name][judged[one.rows]], one.rows[judged[one.rows]]) for one in tests]
    if not truth.plan.cuts:
        predicted = np.concatenate([part for part, _ in parts])
        return _figures(measure(predicted, won[np.concatenate([rows for _, rows in parts])]))
    figures = [_figures(measure(part, won[rows])) for part, rows in parts]
    return {key: _mean([one[key] for one in figures]) for key in MEASURED}


def _figures(measures: Measures) -> dict[str, float | None]:
    return {name: getattr(measures, name) for name in MEASURED}


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _regret(
    champion: Mapping[str, float | None], others: Sequence[Mapping[str, float | None]]
) -> float | None:
    """By how much the champion's log-loss is above that of the best in hindsight."""
    own = champion["log_loss"]
    losses = [loss for one in others if (loss := one["log_loss"]) is not None]
    return None if own is None or not losses else own - min(losses)


def _recently(moment: Moment, standing: Standing, truth: Truth) -> dict[str, float]:
    """The mean predicted for the newest leads of training, and what came true of them."""
    frame, judged, plan = truth.frame, truth.judged, truth.plan
    is_recent = moment.numbers == moment.chunk - 1
    if plan.recent is not None:
        is_recent = frame.decided[: moment.known.count] >= moment.known.now - plan.recent
    rows = np.flatnonzero(is_recent & judged[: moment.known.count])
    if len(rows) == 0:
        return {}
    served = probabilities(log_odds(standing.served(), frame, rows))
    as_lost = probabilities(log_odds(_open_as_lost(moment, standing.settings), frame, rows))
    return {
        "mean_predicted": float(np.mean(served)),
        "mean_actual": float(np.mean(frame.won[rows])),
        "open_as_lost": float(np.mean(as_lost)),
    }


def _open_as_lost(moment: Moment, settings: Settings) -> Model:
    """What is learned when an open lead is taken for a lost one, for comparison."""
    rows = np.arange(moment.known.count)
    won = moment.known.won.astype(np.float64)
    lessons = Lessons(moment.known.frame, rows, np.ones(len(rows)), won, settings)
    return logistic_regression.learn(lessons) if is_enough(lessons) else base_rate.learn(lessons)


def _recent(tests: Sequence[Test]) -> dict[str, float | None]:
    keys = ("mean_predicted", "mean_actual", "open_as_lost")
    return {key: _mean([one.recent.get(key) for one in tests]) for key in keys}
