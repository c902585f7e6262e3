"""Cases that were made up with a seed: with skill in them, without, and with a lag."""

from typing import Final

import numpy as np

from baton.contracts.vocabulary import Outcome
from lead_scoring.domain.facts import Value
from lead_scoring.learning.cases import Case

SOURCES: Final = ("search", "social", "referral", "display")
ODDS: Final = {"search": 0.0, "social": -2.0, "referral": 1.0, "display": -3.0}
DAYS: Final = 200.0


def telling_cases(count: int, seed: int = 1) -> list[Case]:
    """Source and number of employees tell much of who is won; all is known at once."""
    random = np.random.default_rng(seed)
    cases = []
    for at in range(count):
        traits = traits_of(random)
        employees = traits["employees"]
        log_odds = ODDS[str(traits["source"])]
        log_odds += 0.0 if employees is None else 0.02 * (float(employees) - 50)
        won = random.random() < 1 / (1 + np.exp(-log_odds))
        cases.append(Case(str(at), float(at), traits, Outcome.WON if won else Outcome.LOST))
    return cases


def silent_cases(count: int, rate: float = 0.3, seed: int = 2) -> list[Case]:
    """Nothing tells who is won."""
    random = np.random.default_rng(seed)
    return [
        Case(
            str(at),
            float(at),
            traits_of(random),
            Outcome.WON if random.random() < rate else Outcome.LOST,
        )
        for at in range(count)
    ]


def slow_cases(count: int, rate: float = 0.2, days: float = 20.0, seed: int = 3) -> list[Case]:
    """Only wins are told, days after the decision; decisions are spread over `DAYS`."""
    random = np.random.default_rng(seed)
    cases = []
    for at in range(count):
        decided = DAYS * at / count
        is_won = random.random() < rate
        closed = decided + float(random.lognormal(np.log(days), 0.8)) if is_won else None
        outcome = Outcome.WON if is_won else None
        cases.append(Case(str(at), decided, traits_of(random), outcome, closed))
    return cases


def traits_of(random: np.random.Generator) -> dict[str, Value | None]:
    """A source, a number that is often missing, a flag and a trait that never changes."""
    return {
        "source": SOURCES[int(random.integers(len(SOURCES)))],
        "employees": None if random.random() < 0.2 else float(random.integers(1, 200)),
        "is_returning": bool(random.random() < 0.5),
        "constant": "same",
    }
