"""What learning is told, each number with its reason."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """How history is replayed, what is needed before anything is believed."""

    segment: str | None = None
    """The trait whose values are judged and served apart."""
    chunks: int = 20
    """Into how many parts of equal counts history is cut for the replay. With twenty, each choice
    rests on a few earlier ones soon, and a drift within a twentieth of history is followed."""
    cases_max: int = 200_000
    """The newest that are looked at: what is older than that would say little and cost much."""
    outcomes_min: int = 20
    """Wins, and losses, before a model is fitted. Einstein wants 120 conversions; regularised
    models do no harm with fewer, and whether they help is judged by the replay anyway."""
    word_cases_min: int = 20
    """How often a word must have been seen to count by itself; rarer ones are pooled. With 20
    cases the standard error of a word's log-odds at a rate of 15 % is about 0.6."""
    features_max: int = 200
    """Words that count by themselves, over all traits: 10,000 categories must not cost more."""
    penalty: float = 8.0
    """The ridge of the logistic regression: a word's log-odds are expected within ±0.35 of the
    average lead's (1 / sqrt(penalty))."""
    seed: int = 0
