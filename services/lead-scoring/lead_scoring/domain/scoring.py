"""The score of a person at a moment: what each rule of a policy makes of what is known of them.

Everything that is read is in the arguments, so the same score comes out whoever asks, and when.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from lead_scoring.domain.course import Factor, courses_of
from lead_scoring.domain.facts import (
    History,
    PersonFact,
    Profile,
    Value,
    history_of,
    profile_of,
    until,
)
from lead_scoring.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Odds:
    """A probability, and the log-odds that it is the sum of: a base, and what each trait adds."""

    probability: float
    base: float
    contributions: tuple[tuple[str, float], ...]
    model_version: int


class Prediction(Protocol):
    """What a model says of somebody; base and contributions are log-odds that sum to it."""

    @property
    def probability(self) -> float:
        """That sales wins them."""
        ...

    @property
    def base(self) -> float:
        """What is said of anybody."""
        ...

    @property
    def contributions(self) -> Mapping[str, float]:
        """What each trait adds."""
        ...


class Model(Protocol):
    """What a probability is read from: a pure function of traits."""

    @property
    def version(self) -> int:
        """Which one it is."""
        ...

    def predict(self, traits: Mapping[str, Value]) -> Prediction:
        """What it says of somebody with these traits."""
        ...


@dataclass(frozen=True, slots=True)
class Score:
    """Fit and engagement, kept apart; the factors add up to both together."""

    fit: float
    engagement: float
    factors: tuple[Factor, ...]
    band: str | None = None
    odds: Odds | None = None

    @property
    def points(self) -> float:
        """What is compared with the line."""
        return self.fit + self.engagement

    @property
    def probability(self) -> float | None:
        """That sales wins them, if a model says anything about it."""
        return None if self.odds is None else self.odds.probability


NOTHING: Final = Score(0.0, 0.0, ())


def score(facts: Iterable[PersonFact], policy: Policy) -> Score:
    """The score that these facts give when the newest of them has just happened."""
    history = history_of(facts)
    return score_at(history, policy, None, history.newest_at) if history else NOTHING


def score_at(history: History, policy: Policy, model: Model | None, moment: datetime) -> Score:
    """The score at a moment; what happened after it does not count."""
    history = until(history, moment)
    if not history:
        return NOTHING
    profile = profile_of(history)
    of_fit, of_engagement = courses_of(history, profile, policy)
    fit, factors = of_fit.factors_at(moment)
    engagement, more = of_engagement.factors_at(moment)
    return Score(
        fit,
        engagement,
        (*factors, *more),
        None if policy.bands is None else policy.bands.band_of(fit, engagement),
        None if model is None else odds_of(model, profile),
    )


def odds_of(model: Model, profile: Profile) -> Odds:
    """What a model says of somebody, as it is kept."""
    said = model.predict(profile.attributes)
    return Odds(said.probability, said.base, tuple(said.contributions.items()), model.version)
