"""Reads the files that a profile names into cases for the replay of what can be learned."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from launcher.errors import CannotStart
from launcher.evaluating_profile import ISO, Join, Outcomes, Profile

SECONDS_PER_DAY: Final = 86_400
DELIMITERS: Final = (",", ";", "\t", "|")
NUMBER: Final = re.compile(r"[+-]?(0|[1-9]\d*|0?\.\d+|0\.\d*|[1-9]\d*\.\d*)([eE][+-]?\d+)?")
"""A number as it is written; what begins with more zeros is a code, such as a postcode."""
TOLD_MAX: Final = 5

Row = Mapping[str, str]
Ended = tuple[str | None, float | None]
"""The outcome, and the day of it where it is known."""


@dataclass(slots=True)
class Cases:
    """The lines that the learning process reads, and what could not be taken."""

    lines: list[list[object]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    left_out: int = 0

    def refuse(self, place: str, why: str) -> None:
        """Remember a row that can't be taken."""
        self.refused.append(f"{place}: {why}")


class BadCell(Exception):
    """A cell that does not read as its profile says."""


def read_cases(folder: Path, profile: Profile) -> Cases:
    """All cases of the folder, in the order of the file. Raises `CannotStart`."""
    cases = Cases()
    outcomes = profile.outcomes
    ended = _ended(folder, outcomes, cases) if outcomes.file else None
    joins = [(join, _joined(folder, join)) for join in profile.evaluation.joins]
    leads = profile.leads
    columns = _header(folder / leads.file, leads.encoding, leads.delimiter)
    _check_columns(profile, columns)
    traits = _traits(profile, columns)
    for number, (place, row) in enumerate(rows_of(folder / leads.file, leads.encoding, leads.delimiter)):
        try:
            decided_at = _decided_at(row, profile, number)
            end = _end_of(row, outcomes) if ended is None else ended.get(row[leads.id or ""])
        except BadCell as fault:
            cases.refuse(place, str(fault))
            continue
        if not _is_within(decided_at, profile):
            cases.left_out += 1
            continue
        known = {name: _value(row[name], name, profile) for name in traits}
        for join, found in joins:
            other = found.get(_same(row[join.column], join.column, profile), {})
            known |= {name: _value(other.get(name, ""), name, profile) for name in join.traits}
        lead_id = row[leads.id] if leads.id else str(number)
        cases.lines.append([lead_id, decided_at, known, *(end or (None, None))])
    return cases


def rows_of(path: Path, encoding: str, delimiter: str | None) -> Iterator[tuple[str, dict[str, str]]]:
    """Each row with its place; cells that are not there are blank. Raises `CannotStart`."""
    if not path.exists():
        raise CannotStart(f"{path} is missing: name the folder that holds {path.name}.")
    chosen = delimiter or _delimiter(path, encoding)
    try:
        with path.open(newline="", encoding=encoding) as file:
            reader = csv.DictReader(file, delimiter=chosen, restval="")
            for row in reader:
                cells = {name: (cell or "").strip() for name, cell in row.items() if name}
                yield f"{path.name}, line {reader.line_num}", cells
    except (UnicodeError, LookupError, csv.Error) as error:
        raise CannotStart(f"{path.name} can't be read as {encoding}: {error}.") from None


def _delimiter(path: Path, encoding: str) -> str:
    """What parts the header into the most columns; quoted text is left whole."""
    with path.open(newline="", encoding=encoding) as file:
        header = file.readline()
    return max(DELIMITERS, key=lambda one: len(next(csv.reader([header], delimiter=one), [])))


def _header(path: Path, encoding: str, delimiter: str | None) -> list[str]:
    for _, row in rows_of(path, encoding, delimiter):
        return list(row)
    raise CannotStart(f"{path.name} holds no rows.")


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
    _refuse_unknown(wanted, columns, leads.file)
    joined = {trait for join in evaluation.joins for trait in join.traits}
    known = {*columns, *joined}
    rest = {f"evaluation.categories[{at}]": one for at, one in enumerate(evaluation.categories)}
    rest |= {f"evaluation.same.{one}": one for one in evaluation.same}
    _refuse_unknown(rest | {"evaluation.segment": evaluation.segment}, sorted(known), leads.file)


def _refuse_unknown(wanted: Mapping[str, str | None], columns: list[str], file: str) -> None:
    for place, column in wanted.items():
        if column is not None and column not in columns:
            raise CannotStart(
                f"{place} names {column!r}, and {file} has no such column; it has "
                f"{', '.join(columns)}."
            )


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
    for place, row in rows_of(folder / (outcomes.file or ""), outcomes.encoding, outcomes.delimiter):
        wanted = {"outcomes.lead": outcomes.lead, "outcomes.closed_at": outcomes.closed_at}
        wanted["outcomes.outcome_column"] = outcomes.outcome_column
        _refuse_unknown(wanted, list(row), outcomes.file or "")
        try:
            end = _end_of(row, outcomes)
        except BadCell as fault:
            cases.refuse(place, str(fault))
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
        _refuse_unknown(wanted, list(row), join.file)
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
