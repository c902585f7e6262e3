"""Training for the service: a champion as a document, with the evidence for it; and promotion."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from lead_scoring.domain.probability.documents import document_of, model_of
from lead_scoring.domain.probability.prediction import Model
from lead_scoring.learning.cases import Case
from lead_scoring.learning.experts import AVERAGE, BASE_RATE, CANDIDATES
from lead_scoring.learning.frame import Floats, Frame, frame_of
from lead_scoring.learning.measures import Measures, measure
from lead_scoring.learning.replay import CHAMPION, Replay, replayed
from lead_scoring.learning.settings import Settings
from lead_scoring.learning.standing import Standing
from lead_scoring.learning.timeline import Moment, timeline_of
from lead_scoring.learning.vectors import log_odds, probabilities

STANDARD_ERRORS: Final = 1.0
"""How sure it must be that a challenger is better. The replay has already chosen what is in it,
and a better model that waits costs as much as a worse one that is let in."""
CALIBRATION_WORSE_MAX: Final = 0.005
"""Half a percentage point of calibration error can't be seen in a replay of some thousand cases."""


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What is served, and why: figures of the replay, weights of the experts, the lag."""

    document: Mapping[str, object]
    has_skill: bool
    words: str
    cases: int
    measures: Mapping[str, Measures]
    weights: Mapping[str, float]
    calibration: str
    lag: str
    segments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Promotion:
    """Whether a challenger may take the champion's place, and the evidence."""

    is_better: bool
    is_not_worse_calibrated: bool
    champion: Measures
    challenger: Measures
    gain: float
    standard_error: float

    @property
    def is_due(self) -> bool:
        """Better by log-loss, and not worse in calibration."""
        return self.is_better and self.is_not_worse_calibrated


def train(cases: Iterable[Case], settings: Settings, now: float | None = None) -> TrainingReport:
    """Replay all cases up to `now` (their end, when it is not given) and fit what is served next.

    Never raises for what the cases are: with too few of them the answer is the base rate.
    """
    known = sorted(cases, key=lambda case: case.decided_at)[-settings.cases_max :]
    known = [case for case in known if now is None or case.decided_at <= now]
    frame = frame_of(known, settings.segment)
    timeline = timeline_of(frame, settings.chunks)
    replay = Replay.of(timeline, settings)
    moment, standing = _last(replay, timeline.end if now is None else now)
    measures = {
        name: _measured(moment, replay.streams[name].probabilities)
        for name in (CHAMPION, *CANDIDATES, AVERAGE, BASE_RATE)
    }
    return TrainingReport(
        document=document_of(standing.served()),
        has_skill=standing.verdict.has_skill,
        words=standing.verdict.words,
        cases=len(frame),
        measures=measures,
        weights=_weights(standing),
        calibration=standing.method.value,
        lag=str(moment.lag.won) if moment.lag.won else "at once",
        segments={name: one.words for name, one in standing.segments.items()},
    )


def compare(
    champion: Mapping[str, object], challenger: Mapping[str, object], cases: Sequence[Case]
) -> Promotion:
    """Judge two documents on cases that neither was taught, all of which have been closed."""
    frame = frame_of([case for case in cases if case.outcome is not None])
    old, new = (_predicted(model_of(one), frame) for one in (champion, challenger))
    losses = [-np.log(np.where(frame.won, one, 1 - one)) for one in (old, new)]
    gains = losses[0] - losses[1]
    gain = float(np.mean(gains)) if len(gains) else 0.0
    error = float(np.std(gains) / np.sqrt(max(len(gains), 1)))
    before, after = measure(old, frame.won), measure(new, frame.won)
    worse = (after.calibration_error or 0.0) - (before.calibration_error or 0.0)
    return Promotion(
        is_better=gain > STANDARD_ERRORS * error,
        is_not_worse_calibrated=worse <= CALIBRATION_WORSE_MAX,
        champion=before,
        challenger=after,
        gain=gain,
        standard_error=error,
    )


def evidence_of(report: TrainingReport) -> dict[str, object]:
    """Everything but the document, as JSON can hold it: what the event of a promotion says."""
    return {name: value for name, value in asdict(report).items() if name != "document"}


def _last(replay: Replay, now: float) -> tuple[Moment, Standing]:
    for _ in replayed(replay):
        pass
    moment = replay.timeline.moment_at(replay.timeline.chunks, now)
    return moment, replay.stand(moment)


def _measured(moment: Moment, predicted: Floats) -> Measures:
    """Of replayed cases that have been closed, or may be taken for lost by now."""
    rows = moment.replayed
    rows = rows[~moment.known.open[rows]] if np.any(moment.known.lost) else rows
    return measure(predicted[rows], moment.known.won[rows])


def _weights(standing: Standing) -> dict[str, float]:
    histories = {name: own for name, (_, own) in CANDIDATES.items()}
    return {
        f"{name}, {history.name}": float(weight)
        for name, own in standing.expert_weights().items()
        for history, weight in zip(histories[name], own, strict=True)
    }


def _predicted(model: Model, frame: Frame) -> Floats:
    return probabilities(log_odds(model, frame, np.arange(len(frame))))
