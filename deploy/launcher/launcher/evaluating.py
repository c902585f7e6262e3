"""`baton evaluate`: how well outcomes could have been predicted, had Baton been there all along."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from launcher.errors import CannotStart
from launcher.evaluating_cases import Cases, read_cases
from launcher.evaluating_profile import Profile, evaluation_profile

TOLD_MAX: Final = 5
WIDE: Final = 160
"""Characters to a line where no terminal says how wide it is."""
LEARNING: Final = ("-m", "lead_scoring.learning")
MEASURES: Final = {
    "log_loss": "log-loss",
    "brier": "Brier",
    "auc": "AUC",
    "calibration_error": "calibration error",
    "mean_predicted": "mean predicted",
    "mean_actual": "mean actual",
}

errors = Console(stderr=True, highlight=False)

Told = dict[str, Any]


def evaluate(
    folder: Path,
    profile: Annotated[str, typer.Option(help="a profile of deploy/profiles, or a TOML file")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="the figures as lines of JSON")] = False,
) -> None:
    """Replay a labelled history in the order of time, and print how well it was predicted.

    With --json each chunk is a line, and the last line holds everything together.
    """
    chosen = evaluation_profile(profile)
    cases = read_cases(folder, chosen)
    _tell_of(cases)
    told: list[Told] = []
    for line in _with_progress(_learned(cases, chosen)):
        told.append(line)
        if as_json and "report" not in line:
            sys.stdout.write(json.dumps(line) + "\n")
    report = told[-1]["report"]
    if as_json:
        sys.stdout.write(json.dumps(report) + "\n")
    else:
        _show(told, report)


def _tell_of(cases: Cases) -> None:
    for line in cases.refused[:TOLD_MAX]:
        errors.print(line, style="yellow")
    if len(cases.refused) > TOLD_MAX:
        errors.print(f"… and {len(cases.refused) - TOLD_MAX} more rows like that", style="yellow")
    if not cases.lines:
        raise CannotStart("No row could be taken: look at the profile's columns and dates.")
    errors.print(
        f"{len(cases.lines)} cases, {len(cases.refused)} refused, {cases.left_out} left out",
        style="dim",
    )


def _learned(cases: Cases, profile: Profile) -> Iterator[Told]:
    """What the learning process says, line by line. Raises `CannotStart` when it dies."""
    evaluation = profile.evaluation
    has_time = profile.leads.occurred_at is not None
    wanted = {
        "segment": evaluation.segment,
        "chunks": evaluation.chunks,
        "cuts": evaluation.cuts,
        "recent": evaluation.recent_days if has_time else None,
    }
    # More threads than one would change the last digits from machine to machine.
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, *LEARNING]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(wanted) + "\n")
        process.stdin.writelines(json.dumps(line) + "\n" for line in cases.lines)
        process.stdin.close()
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode:
        raise CannotStart("The learning process has died; what it said stands above.")


def _with_progress(lines: Iterator[Told]) -> Iterator[Told]:
    with Progress(
        TextColumn("{task.description:12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
    ) as progress:
        task = progress.add_task("chunks", total=None)
        for line in lines:
            if "progress" in line:
                progress.update(task, completed=line["progress"], total=line["of"])
            yield line


def _show(told: list[Told], report: Told) -> None:
    width = None if sys.stdout.isatty() else WIDE
    console = Console(highlight=False, width=width)
    console.print(_by_chunk([line for line in told if "measures" in line]))
    console.print(_pooled(report))
    champion, recent = report["champion"], report["recent"]
    console.print(
        "Skill was shown." if champion["skill"] else "No skill: the base rate is the answer."
    )
    console.print(f"Regret against the best fixed candidate: {_number(champion['regret'])}")
    console.print(
        f"Newest leads of training: predicted {_number(recent['mean_predicted'])}, came true "
        f"{_number(recent['mean_actual'])}; with open taken for lost "
        f"{_number(recent['open_as_lost'])}"
    )


def _by_chunk(lines: list[Told]) -> Table:
    table = Table(title="Log-loss by chunk")
    names = list(lines[0]["measures"]) if lines else []
    for name in ("chunk", "cases", "actual", *names, "verdict", "recent", "came true", "as lost"):
        table.add_column(name.replace("_", " "))
    for line in lines:
        figures, recent = line["measures"], line["recent"]
        table.add_row(
            str(line["progress"] + 1),
            str(line["cases"]),
            _number(figures["champion"]["mean_actual"]),
            *(_number(figures[name]["log_loss"]) for name in names),
            line["words"],
            *(
                _number(recent.get(key))
                for key in ("mean_predicted", "mean_actual", "open_as_lost")
            ),
        )
    return table


def _pooled(report: Told) -> Table:
    table = Table(title="Pooled")
    for heading in ("", *MEASURES.values()):
        table.add_column(heading)
    best = min(report["candidates"].items(), key=lambda one: one[1]["log_loss"] or 0.0)
    candidates = {name: one for name, one in report["candidates"].items() if ", " not in name}
    rows: Mapping[str, Told] = {
        "base_rate": report["base_rate"],
        **candidates,
        f"the best in hindsight: {best[0]}": best[1],
        "champion": report["champion"],
    }
    for name, figures in rows.items():
        table.add_row(name.replace("_", " "), *(_number(figures[key]) for key in MEASURES))
    return table


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
