"""Somebody's history: a profile that says how their files read, and what was read from them."""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from launcher.errors import CannotStart

PROFILES: Final = Path(__file__).parents[2] / "profiles"
ID_CHARACTERS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class PastLead:
    """A lead as the file has it."""

    id: str
    source: str
    occurred_at: datetime
    traits: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PastOutcome:
    """How a lead's pursuit ended."""

    lead_id: str
    deal_id: str
    closed_at: datetime
    outcome: str
    amount: Decimal
    currency: str


@dataclass(slots=True)
class History:
    """Everything that could be read, in the order of time, and what could not."""

    leads: list[PastLead] = field(default_factory=list)
    outcomes: list[PastOutcome] = field(default_factory=list)
    reps: list[str] = field(default_factory=list)
    bad_rows: list[str] = field(default_factory=list)
    odd_rows: list[str] = field(default_factory=list)


class BadRow(Exception):
    """A row that can't be taken, and why."""


def read_profile(name: str) -> dict[str, Any]:
    """A profile by its name in `deploy/profiles`, or by a path. Raises `CannotStart`."""
    path = Path(name) if name.endswith(".toml") else PROFILES / f"{name}.toml"
    try:
        profile = tomllib.loads(path.read_text())
    except FileNotFoundError:
        known = ", ".join(sorted(entry.stem for entry in PROFILES.glob("*.toml")))
        raise CannotStart(f"There is no profile {name}; there is {known}.") from None
    except tomllib.TOMLDecodeError as error:
        raise CannotStart(f"The profile {path} is not valid TOML: {error}.") from None
    return profile


def read_history(folder: Path, profile: Mapping[str, Any]) -> History:
    """Read the files of a folder. Bad rows are listed, the rest goes on. Raises `CannotStart`."""
    history = History()
    known = _read_leads(folder, profile["leads"], history)
    _read_outcomes(folder, profile["outcomes"], known, history)
    history.leads = sorted(known.values(), key=lambda lead: (lead.occurred_at, lead.id))
    history.outcomes.sort(key=lambda outcome: (outcome.closed_at, outcome.lead_id))
    return history


def _read_leads(folder: Path, columns: Mapping[str, Any], history: History) -> dict[str, PastLead]:
    known: dict[str, PastLead] = {}
    for place, row in _rows(folder, columns["file"]):
        try:
            lead = _lead(row, columns)
        except BadRow as fault:
            history.bad_rows.append(f"{place}: {fault}")
            continue
        if lead.id in known:
            history.bad_rows.append(f"{place}: {columns['id']} stands twice")
        else:
            known[lead.id] = lead
    return known


def _read_outcomes(
    folder: Path, columns: Mapping[str, Any], known: Mapping[str, PastLead], history: History
) -> None:
    reps: set[str] = set()
    for place, row in _rows(folder, columns["file"]):
        try:
            outcome = _outcome(row, columns)
            lead = _lead_of(outcome, known)
        except BadRow as fault:
            history.bad_rows.append(f"{place}: {fault}")
            continue
        if outcome.closed_at < lead.occurred_at:
            history.odd_rows.append(f"{place}: it closed before its first contact; it is taken")
        history.outcomes.append(outcome)
        reps.add(row[columns["rep"]])
    history.reps = sorted(reps)


def _lead_of(outcome: PastOutcome, known: Mapping[str, PastLead]) -> PastLead:
    lead = known.get(outcome.lead_id)
    if lead is None:
        raise BadRow("there is no such lead")
    return lead


def _rows(folder: Path, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    path = folder / name
    if not path.exists():
        raise CannotStart(f"{path} is missing: name the folder that holds {name}.")
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield f"{name}, line {reader.line_num}", row


def _lead(row: Mapping[str, str], columns: Mapping[str, Any]) -> PastLead:
    lead_id = row.get(columns["id"]) or ""
    if not 0 < len(lead_id) <= ID_CHARACTERS_MAX:
        raise BadRow(f"{columns['id']} must have 1 to {ID_CHARACTERS_MAX} characters")
    traits = {
        name: value
        for name, trait in columns.get("traits", {}).items()
        if (value := row.get(trait["column"]))
    }
    occurred_at = _instant(row, columns, "occurred_at")
    return PastLead(lead_id, row.get(columns["source"]) or "", occurred_at, traits)


def _outcome(row: Mapping[str, str], columns: Mapping[str, Any]) -> PastOutcome:
    text = row.get(columns["amount"]) or "0"
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise BadRow(f"{columns['amount']} must be a number") from None
    if not amount.is_finite() or amount < 0:
        raise BadRow(f"{columns['amount']} must be 0 or more")
    return PastOutcome(
        lead_id=row[columns["lead"]],
        deal_id=row[columns["deal"]],
        closed_at=_instant(row, columns, "closed_at"),
        outcome=columns["outcome"],
        amount=amount,
        currency=columns["currency"],
    )


def _instant(row: Mapping[str, str], columns: Mapping[str, Any], name: str) -> datetime:
    pattern = columns[f"{name}_format"]
    try:
        return datetime.strptime(row.get(columns[name]) or "", pattern).replace(tzinfo=UTC)
    except ValueError:
        raise BadRow(f"{columns[name]} must be a date of the form {pattern}") from None
