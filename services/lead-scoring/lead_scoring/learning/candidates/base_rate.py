"""The base rate, per segment: what every other candidate has to beat."""

from typing import Final

import numpy as np

from lead_scoring.domain.probability.base_rate import BaseRate
from lead_scoring.domain.probability.prediction import Model, log_odds_of
from lead_scoring.domain.probability.segmented import Segmented
from lead_scoring.learning.lessons import Lessons

OVERALL_WORTH: Final = 20.0
"""How many cases of its own the overall rate is worth to a segment that has few."""


def learn(lessons: Lessons) -> Model:
    """The share of wins; a segment's own, drawn towards the overall one while it has few cases."""
    overall = (lessons.wins + 0.5) / (lessons.wins + lessons.losses + 1.0)
    otherwise = BaseRate(log_odds_of(overall))
    trait = lessons.settings.segment
    if trait is None:
        return otherwise
    places = lessons.frame.segment[lessons.rows]
    size = len(lessons.frame.segments)
    cases = np.bincount(places, lessons.weights, size)
    wins = np.bincount(places, lessons.weights * lessons.won, size)
    rates = (wins + OVERALL_WORTH * overall) / (cases + OVERALL_WORTH)
    models: dict[str, Model] = {
        name: BaseRate(log_odds_of(float(rates[place])))
        for place, name in enumerate(lessons.frame.segments)
        if cases[place] > 0
    }
    return Segmented(trait, models, otherwise)
