"""An open case is not a lost one: what is still to come is counted by its age."""

import numpy as np
import pytest

from baton.contracts.vocabulary import Outcome
from lead_scoring.learning.cases import Case
from lead_scoring.learning.experts import lessons_of
from lead_scoring.learning.frame import frame_of
from lead_scoring.learning.histories import ALL
from lead_scoring.learning.lag import AT_ONCE, lag_of
from lead_scoring.learning.settings import Settings
from lead_scoring.learning.timeline import Moment, timeline_of
from support.learning_cases import DAYS, silent_cases, slow_cases, telling_cases


@pytest.mark.parametrize("days", [5.0, 20.0, 40.0])
def test_the_rate_of_wins_is_right_while_many_are_still_open(days: float) -> None:
    moment = _middle(slow_cases(6000, rate=0.2, days=days))

    lessons = lessons_of(moment, ALL, Settings())

    seen = float(np.mean(moment.known.won))
    assert lessons.wins / len(lessons.rows) == pytest.approx(0.2, rel=0.15)
    assert seen < 0.2


def test_where_losses_are_told_later_than_wins_the_rate_is_right_too() -> None:
    random = np.random.default_rng(5)
    cases = []
    for at, case in enumerate(silent_cases(6000, rate=0.4)):
        decided = DAYS * at / 6000
        days = 10.0 if case.outcome is Outcome.WON else 40.0
        closed = decided + float(random.exponential(days))
        cases.append(Case(case.id, decided, case.traits, case.outcome, closed))
    moment = _middle(cases)

    lessons = lessons_of(moment, ALL, Settings())

    among_closed = np.sum(moment.known.won) / np.sum(~moment.known.open)
    assert lessons.wins / (lessons.wins + lessons.losses) == pytest.approx(0.4, rel=0.1)
    assert among_closed > 0.45


def test_outcomes_that_are_known_at_once_have_no_lag() -> None:
    moment = _middle(telling_cases(400))

    assert lag_of(moment.known) == AT_ONCE


def test_an_open_case_says_nothing_where_losses_are_told_at_once() -> None:
    cases = telling_cases(400)
    cases[10] = Case("10", 10.0, cases[10].traits)
    moment = _middle(cases)

    lessons = lessons_of(moment, ALL, Settings())

    assert 10 not in lessons.rows


def _middle(cases: list[Case]) -> Moment:
    return timeline_of(frame_of(cases), 10).moment(5)
