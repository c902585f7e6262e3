"""`baton evaluate` on files that somebody has: any separator, any profile, figures or a fault."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from launcher.__main__ import app
from launcher.errors import CannotStart
from launcher.evaluating_cases import read_cases
from launcher.evaluating_profile import evaluation_profile
from support.learning_cases import telling_cases

PROFILE = """
name = "own"
[leads]
file = "leads.csv"
id = "key"
[outcomes]
outcome_column = "end"
won = ["yes"]
[evaluation]
left_out = ["later"]
chunks = 5
"""
FIGURES = {"log_loss", "brier", "auc", "calibration_error", "mean_predicted", "mean_actual"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with (tmp_path / "leads.csv").open("w", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow(["key", "source", "employees", "later", "end"])
        for case in telling_cases(400):
            end = "yes" if case.outcome == "won" else "no; never"
            employees = case.traits["employees"]
            writer.writerow([case.id, case.traits["source"], employees or "", end, end])
    return tmp_path


def test_the_last_line_holds_every_figure(folder: Path) -> None:
    answer = _run(folder, PROFILE)

    report = json.loads(answer.stdout.splitlines()[-1])
    assert set(report) == {"champion", "candidates", "base_rate", "recent"}
    assert set(report["champion"]) == FIGURES | {"skill", "regret"}
    assert set(report["base_rate"]) == FIGURES
    assert set(report["recent"]) == {"mean_predicted", "mean_actual", "open_as_lost"}
    assert {"naive_bayes", "logistic_regression", "gradient_boosting", "average"} <= set(
        report["candidates"]
    )
    assert report["champion"]["skill"] is True
    assert report["champion"]["log_loss"] < report["base_rate"]["log_loss"]


def test_without_json_it_is_a_table(folder: Path) -> None:
    answer = CliRunner().invoke(
        app, ["evaluate", str(folder), "--profile", _written(folder, PROFILE)]
    )

    assert answer.exit_code == 0
    assert "champion" in answer.stdout
    assert "Skill was shown." in answer.stdout


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('left_out = ["later"]', "", "evaluation: it needs `traits` or `left_out`, and not both"),
        ('left_out = ["later"]', 'traits = ["sauce"]', "evaluation.traits[0] names 'sauce'"),
        ('won = ["yes"]', "", "outcomes: with `outcome_column` it needs `won`"),
        ('outcome_column = "end"', 'outcome_column = "fin"', "outcomes.outcome_column names 'fin'"),
        ("chunks = 5", "chunks = 1", "evaluation.chunks"),
        ("chunks = 5", "chunk = 5", "evaluation.chunk"),
        ('id = "key"', 'id = "key"\noccurred_at = "end"', "No row could be taken"),
        ('file = "leads.csv"', 'file = "other.csv"', "other.csv is missing"),
    ],
)
def test_a_wrong_profile_is_told_with_its_place(
    folder: Path, old: str, new: str, fault: str
) -> None:
    answer = _run(folder, PROFILE.replace(old, new))

    assert isinstance(answer.exception, CannotStart)
    assert fault in str(answer.exception)


def test_cells_are_read_as_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text(
        "key\tday\tpostcode\tsize\tkind\tend\n"
        "1\t2026-01-02\t01234\t1e3\tGTXPro\tyes\n"
        "2\t2026-01-03T12:00:00+00:00\t\tn/a\tGTX Pro\t\n"
        "3\tsoon\t1\t2\tx\tno\n"
    )
    profile = PROFILE.replace('left_out = ["later"]', 'left_out = []\nmissing = ["n/a"]')
    profile = profile.replace('id = "key"', 'id = "key"\noccurred_at = "day"')
    path = _written(tmp_path, profile + '[evaluation.same.kind]\nGTXPro = "GTX Pro"\n')

    cases = read_cases(tmp_path, evaluation_profile(path))

    first = {"postcode": "01234", "size": 1000.0, "kind": "GTX Pro"}
    second = {"postcode": None, "size": None, "kind": "GTX Pro"}
    assert cases.lines == [["1", 20455.0, first, "won", None], ["2", 20456.5, second, None, None]]
    assert cases.refused == ["leads.csv, line 4: day must be a date of the form ISO 8601"]


@pytest.mark.parametrize("name", ["olist", "bank", "crm_sales_opportunities"])
def test_the_profiles_that_come_along_can_be_read(name: str) -> None:
    assert evaluation_profile(name).name == name


def _run(folder: Path, profile: str) -> Result:
    command = ["evaluate", str(folder), "--profile", _written(folder, profile), "--json"]
    return CliRunner().invoke(app, command)


def _written(folder: Path, profile: str) -> str:
    path = folder / "own.toml"
    path.write_text(profile)
    return str(path)
