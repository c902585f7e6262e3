"""How long one event's effect on a score takes in the domain alone: no database, no messages."""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from lead_scoring.domain.crossing import next_crossing
from lead_scoring.domain.decisions import Case, decide
from lead_scoring.domain.facts import history_of
from lead_scoring.domain.recall import recall_of
from lead_scoring.domain.scoring import score_at
from support.scoring_histories import a_fading_policy, an_activity
from support.scoring_values import DEFAULT_POLICY, a_fact

ACTIVITIES: Final = 20
REPEATS: Final = 200
ROUNDS: Final = 9


def measure_effect() -> dict[str, float]:
    """Microseconds, medians: a lead alone, decided by its rules and from what is remembered; a
    person with twenty activities, scored; and when time will move them, under a fading policy.
    """
    lead = a_fact()
    alone = Case(lead, history_of([lead]))
    recall, fading = recall_of(DEFAULT_POLICY), a_fading_policy()
    done = [an_activity(number, minutes=number * 700) for number in range(1, ACTIVITIES + 1)]
    history = history_of([a_fact(), *done])
    moment = history.newest_at + timedelta(days=1)
    return {
        "decide_lead_us": _microseconds(lambda: decide(alone, DEFAULT_POLICY)),
        "decide_lead_remembered_us": _microseconds(lambda: recall.decide(alone, None)),
        "score_event_us": _microseconds(lambda: score_at(history, DEFAULT_POLICY, None, moment)),
        "score_fading_event_us": _microseconds(lambda: score_at(history, fading, None, moment)),
        "next_crossing_us": _microseconds(lambda: next_crossing(history, fading, moment)),
    }


def _microseconds(work: Callable[[], object]) -> float:
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(REPEATS):
            work()
        rounds.append((time.perf_counter() - started) / REPEATS * 1e6)
    return round(statistics.median(rounds), 2)


if __name__ == "__main__":
    for name, value in measure_effect().items():
        print(f"{name:28} {value:10.2f}")  # noqa: T201 a figure to look at
