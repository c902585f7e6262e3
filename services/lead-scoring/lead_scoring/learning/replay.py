"""The replay: at the start of each chunk everything is decided from what had been seen by then."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from lead_scoring.domain.probability.calibration import Isotonic, Platt
from lead_scoring.domain.probability.prediction import Model
from lead_scoring.learning.calibrating import (
    Method,
    chosen_method,
    fit_isotonic,
    fit_platt,
)
from lead_scoring.learning.experts import AVERAGE, BASE_RATE, CANDIDATES, expert_names, fit_experts
from lead_scoring.learning.frame import Booleans, Floats, Frame, Integers
from lead_scoring.learning.histories import LONG_HISTORIES
from lead_scoring.learning.mixing import Mixer
from lead_scoring.learning.settings import Settings
from lead_scoring.learning.skill import Verdict, verdict_of
from lead_scoring.learning.standing import Standing
from lead_scoring.learning.streams import Stream
from lead_scoring.learning.timeline import Moment, Timeline
from lead_scoring.learning.vectors import log_odds, mended, probabilities

RAW = "champion, not mended"
BELIEVED = "champion, always believed"
CHAMPION = "champion"


@dataclass(slots=True)
class Replay:
    """What was predicted so far, and the mixers that learn from it."""

    timeline: Timeline
    settings: Settings
    streams: dict[str, Stream] = field(default_factory=dict)
    mixers: dict[str, Mixer] = field(default_factory=dict)

    @classmethod
    def of(cls, timeline: Timeline, settings: Settings) -> "Replay":
        """A replay that has not begun."""
        frame = timeline.frame
        experts = expert_names()
        histories = {name: own for name, (_, own) in CANDIDATES.items()}
        everyone = [one for own in histories.values() for one in own]
        lengths = {**histories, BASE_RATE: LONG_HISTORIES, CHAMPION: everyone}
        mixers = {name: Mixer.of(own, frame) for name, own in lengths.items()}
        names = [one for own in experts.values() for one in own]
        names += [*experts, *_base_names(), BASE_RATE, AVERAGE, RAW, BELIEVED, CHAMPION]
        names += [_mended_name(method) for method in Method]
        streams = {name: Stream.empty(len(frame)) for name in names}
        return cls(timeline, settings, streams, mixers)

    def stand(self, moment: Moment) -> Standing:
        """Fit everything and decide everything, for the cases from this moment on."""
        weights = {
            name: self.mixers[name].weights(moment, self._streams(own))
            for name, own in self._members().items()
        }
        calibrations: dict[Method, Platt | Isotonic] = {}
        for method, fit in ((Method.PLATT, fit_platt), (Method.ISOTONIC, fit_isotonic)):
            if (found := fit(moment, self.streams[RAW])) is not None:
                calibrations[method] = found
        tried = {method: self.streams[_mended_name(method)] for method in calibrations}
        return Standing(
            fitted=fit_experts(moment, self.settings),
            histories={name: weights[name] for name in CANDIDATES},
            leaders=weights[CHAMPION],
            base_weights=weights[BASE_RATE],
            calibrations=calibrations,
            method=chosen_method(moment, self.streams[RAW], tried),
            verdict=self._verdict(moment, np.ones(moment.known.count, dtype=np.bool_)),
            segments=self._segments(moment),
            settings=self.settings,
        )

    def note(self, moment: Moment, standing: Standing) -> None:
        """Keep what is predicted for the chunk that comes now."""
        for name, predicted in predictions(standing, self.timeline.frame, moment.coming).items():
            self.streams[name].probabilities[moment.coming] = predicted
        for name, own in self._members().items():
            self.mixers[name].note(moment, self._streams(own))

    def _members(self) -> dict[str, list[str]]:
        members = expert_names()
        everyone = [one for own in members.values() for one in own]
        return {**members, BASE_RATE: _base_names(), CHAMPION: everyone}

    def _streams(self, names: list[str]) -> list[Stream]:
        return [self.streams[name] for name in names]

    def _segments(self, moment: Moment) -> dict[str, Verdict]:
        """The verdicts on segments that have outcomes enough for one of their own."""
        if self.settings.segment is None:
            return {}
        own = self.timeline.frame.segment[: moment.known.count]
        names = self.timeline.frame.segments
        verdicts = {name: self._verdict(moment, own == at) for at, name in enumerate(names)}
        return {name: verdict for name, verdict in verdicts.items() if verdict.is_enough}

    def _verdict(self, moment: Moment, among: Booleans) -> Verdict:
        return verdict_of(moment, self.streams[BELIEVED], self.streams[BASE_RATE], among)


def replayed(replay: Replay) -> Iterator[tuple[Moment, Standing]]:
    """Go through history; of each chunk after the first, and of the end, how things stand."""
    for chunk in range(1, replay.timeline.chunks + 1):
        moment = replay.timeline.moment(chunk)
        standing = replay.stand(moment)
        if chunk < replay.timeline.chunks:
            replay.note(moment, standing)
        yield moment, standing


def predictions(standing: Standing, frame: Frame, rows: Integers) -> dict[str, Floats]:
    """Probabilities for these cases by everything that there is, under its name."""

    def by(model: Model) -> Floats:
        return probabilities(log_odds(model, frame, rows))

    found: dict[str, Floats] = {}
    for name, names in expert_names().items():
        experts = [by(model) for model in standing.fitted.models[name]]
        found |= dict(zip(names, experts, strict=True))
        found[name] = standing.histories[name] @ np.array(experts)
    found[AVERAGE] = np.mean([found[name] for name in CANDIDATES], axis=0)
    found |= dict(zip(_base_names(), [by(one) for one in standing.fitted.base_rates], strict=True))
    found[BASE_RATE] = by(standing.base_rate())
    raw = standing.leaders @ np.array(
        [found[one] for own in expert_names().values() for one in own]
    )
    found[RAW] = raw
    for method in Method:
        found[_mended_name(method)] = _mended(standing, method, raw)
    found[BELIEVED] = found[_mended_name(standing.method)]
    found[CHAMPION] = by(standing.served())
    return found


def _mended(standing: Standing, method: Method, raw: Floats) -> Floats:
    calibration = standing.calibrations.get(method)
    if calibration is None:
        return raw
    return probabilities(mended(calibration, np.log(raw / (1 - raw))))


def _base_names() -> list[str]:
    return [f"{BASE_RATE}, {one.name}" for one in LONG_HISTORIES]


def _mended_name(method: Method) -> str:
    return f"{RAW}: {method.value}"
