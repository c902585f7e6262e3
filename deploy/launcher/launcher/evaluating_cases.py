"""Reads the files that a profile names into cases for the replay of what can be learned."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from launcher.evaluating_files import header_of, refuse_unknown, rows_of
from launcher.evaluating_profile import ISO, Join, Outcomes, Profile

SECONDS_PER_DAY: Final = 86_400
NUMBER: Final = re.compile(r"[+-]?(0|[1-9]\d*|0?\.\d+|0\.\d*|[1-9]\d*\.\d*)([eE][+-]?\d+)?")
"""A number as it is written; what begins with more zeros is a code, such as a postcode."""

Row = Mapping[str, str]
Ended = tuple[str | None, float | None]
"""The outcome, and the day of it where it is known."""


@dataclass(slots=True)
class Cases:
    """The lines that the learning process reads, and what could not be taken."""

    lines: list[list[object]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    left_out: int = 0


class BadCell(Exception):
    """A cell that does not read as its profile says."""


def read_cases(folder: Path, profile: Profile) -> Cases:
    """All cases of the folder, in the order of the file. Raises `CannotStart`."""
    cases = Cases()
    leads, outcomes = profile.leads, profile.outcomes
    columns = header_of(folder / leads.file, leads.encoding, leads.delimiter)
    _check_columns(profile, columns)
    reading = _Reading(
        profile=profile,
        traits=_traits(profile, columns),
        ended=_ended(folder, outcomes, cases) if outcomes.file else None,
        joined=[(join, _joined(folder, join)) for join in profile.evaluation.joins],
    )
    rows = rows_of(folder / leads.file, leads.encoding, leads.delimiter)
    for number, (place, row) in enumerate(rows):
        try:
            line = _line(row, number, reading)
        except BadCell as fault:
            cases.refused.append(f"{place}: {fault}")
            continue
        if line is None:
            cases.left_out += 1
        else:
            cases.lines.append(line)
    return cases


@dataclass(frozen=True, slots=True)
class _Reading:
    """What every row is read with."""

    profile: Profile
    traits: list[str]
    ended: dict[str, Ended] | None
    joined: list[tuple[Join, dict[str, dict[str, str]]]]


def _line(row: Row, number: int, reading: _Reading) -> list[object] | None:
    """A case; None for one that is before or after the wanted time."""
    profile = reading.profile
    lead_id = row[profile.leads.id] if profile.leads.id else str(number)
    decided_at = _decided_at(row, profile, number)
    if not _is_within(decided_at, profile):
        return None
    if reading.ended is None:
        end = _end_of(row, profile.outcomes)
    else:
        end = reading.ended.get(lead_id, (None, None))
    known = {name: _value(row[name], name, profile) for name in reading.traits}
    for join, found in reading.joined:
        other = found.get(_same(row[join.column], join.column, profile), {})
        known |= {name: _value(other.get(name, ""), name, profile) for name in join.traits}
    return [lead_id, decided_at, known, *end]


def _check_columns(profile: Profile, columns: list[str]) -> None:
    leads, outcomes, evaluation = profile.leads, profile.outcomes, profile.evaluation
    wanted = {"leads.id": leads.id, "leads.occurred_at": leads.occurred_at}
    if outcomes.file is None:
        wanted["outcomes.outcome_column"] = outcomes.outcome_column
        wanted["outcomes.closed_at"] = outcomes.closed_at
    for name in ("traits", "left_out"):
        for at, column in enumerate(getattr(evaluation, name) or []):
            wanted[f"evaluation.{name}[{at}]"] = column
    for at, join in enumerate(evaluation.joins):
        wanted[f"evaluation.joins[{at}].column"] = join.column
    refuse_unknown(wanted, columns, leads.file)
    joined = {trait for join in evaluation.joins for trait in join.traits}
    known = {*columns, *joined}
    rest = {f"evaluation.categories[{at}]": one for at, one in enumerate(evaluation.categories)}
    rest |= {f"evaluation.same.{one}": one for one in evaluation.same}
    refuse_unknown(rest | {"evaluation.segment": evaluation.segment}, sorted(known), leads.file)


def _traits(profile: Profile, columns: list[str]) -> list[str]:
    if profile.evaluation.traits is not None:
        return profile.evaluation.traits
    leads, outcomes = profile.leads, profile.outcomes
    no_traits = {leads.id, leads.occurred_at, *(profile.evaluation.left_out or [])}
    if outcomes.file is None:
        no_traits |= {outcomes.outcome_column, outcomes.closed_at}
    return [name for name in columns if name not in no_traits]


def _decided_at(row: Row, profile: Profile, number: int) -> float:
    column = profile.leads.occurred_at
    if column is None:
        return float(number)
    return _day(row[column], column, profile.leads.occurred_at_format)


def _day(text: str, column: str, pattern: str) -> float:
    try:
        if pattern == ISO:
            moment = datetime.fromisoformat(text)
        else:
            moment = datetime.strptime(text, pattern)  # noqa: DTZ007 the zone is given below
    except ValueError:
        raise BadCell(f"{column} must be a date of the form {pattern}") from None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return zoned.timestamp() / SECONDS_PER_DAY


def _is_within(decided_at: float, profile: Profile) -> bool:
    since, until = profile.evaluation.since, profile.evaluation.until
    day = int(decided_at)
    return (since is None or day >= _number_of(since.isoformat())) and (
        until is None or day <= _number_of(until.isoformat())
    )


def _number_of(day: str) -> int:
    return int(_day(day, "day", ISO))


def _ended(folder: Path, outcomes: Outcomes, cases: Cases) -> dict[str, Ended]:
    """How each lead ended, from a file of outcomes; of several the first counts."""
    ended: dict[str, Ended] = {}
    for place, row in rows_of(
        folder / (outcomes.file or ""), outcomes.encoding, outcomes.delimiter
    ):
        wanted = {"outcomes.lead": outcomes.lead, "outcomes.closed_at": outcomes.closed_at}
        wanted["outcomes.outcome_column"] = outcomes.outcome_column
        refuse_unknown(wanted, list(row), outcomes.file or "")
        try:
            end = _end_of(row, outcomes)
        except BadCell as fault:
            cases.refused.append(f"{place}: {fault}")
            continue
        ended.setdefault(row[outcomes.lead or ""], end)
    return ended


def _end_of(row: Row, outcomes: Outcomes) -> Ended:
    outcome = _outcome(row, outcomes)
    if outcome is None or outcomes.closed_at is None:
        return outcome, None
    return outcome, _day(row[outcomes.closed_at], outcomes.closed_at, outcomes.closed_at_format)


def _outcome(row: Row, outcomes: Outcomes) -> str | None:
    if outcomes.outcome_column is None:
        return "won"
    value = row[outcomes.outcome_column]
    if value in outcomes.won:
        return "won"
    if outcomes.lost is None:
        return "lost" if value else None
    return "lost" if value in outcomes.lost else None


def _joined(folder: Path, join: Join) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for _, row in rows_of(folder / join.file, join.encoding, join.delimiter):
        wanted = {f"evaluation.joins.{name}": name for name in (join.key, *join.traits)}
        refuse_unknown(wanted, list(row), join.file)
        found.setdefault(row[join.key], row)
    return found


def _value(text: str, column: str, profile: Profile) -> str | float | None:
    evaluation = profile.evaluation
    if not text or text in evaluation.missing:
        return None
    if column not in evaluation.categories and NUMBER.fullmatch(text):
        return float(text)
    return _same(text, column, profile)


def _same(text: str, column: str, profile: Profile) -> str:
    return profile.evaluation.same.get(column, {}).get(text, text)
