"""Naive Bayes counts as Odoo's predictive scoring does, and gives each team its own prior."""

import pytest

from baton.contracts.vocabulary import Outcome
from lead_scoring.domain.facts import Value
from lead_scoring.learning.candidates import naive_bayes
from lead_scoring.learning.candidates.naive_bayes import Tally, model_of, stage_tally
from lead_scoring.learning.cases import Case
from lead_scoring.learning.experts import lessons_of
from lead_scoring.learning.frame import frame_of
from lead_scoring.learning.histories import ALL
from lead_scoring.learning.settings import Settings
from lead_scoring.learning.timeline import timeline_of

STAGES = ("New", "Qualified", "Won")


@pytest.mark.parametrize(
    ("traits", "percent"),
    [
        ({"country": "BE", "stage": "New"}, 95.63),
        ({"country": "BE", "stage": "Qualified"}, 99.59),
        ({"country": "US", "stage": "New"}, 8.65),
        ({"stage": "New"}, 65.62),
    ],
)
def test_two_wins_and_a_loss_give_the_percentages_of_the_formula(
    traits: dict[str, Value | None], percent: float
) -> None:
    countries = Tally({"BE": (2.0, 0.0), "US": (0.0, 1.0)})
    stages = stage_tally(STAGES, won=2, lost_in={"New": 1})

    model = model_of((2.0, 1.0), {"country": countries, "stage": stages})

    assert 100 * model.predict(traits).probability == pytest.approx(percent, abs=0.006)


def test_a_team_without_wins_is_not_scored_with_another_teams_prior() -> None:
    cases = [_case(at, "good", won=at % 10 != 0) for at in range(400)]
    cases += [_case(400 + at, "bad", won=False) for at in range(4)]
    frame = frame_of(cases, "team")
    moment = timeline_of(frame, 4).moment(4)

    model = naive_bayes.learn(lessons_of(moment, ALL, Settings(segment="team")))

    bad, good = (model.predict({"team": team}).probability for team in ("bad", "good"))
    assert good == pytest.approx(0.9, abs=0.02)
    assert bad < good


def _case(at: int, team: str, *, won: bool) -> Case:
    outcome = Outcome.WON if won else Outcome.LOST
    return Case(str(at), float(at), {"team": team, "side": str(at % 3)}, outcome)
