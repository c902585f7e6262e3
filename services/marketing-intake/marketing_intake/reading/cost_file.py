"""How a CSV file of a campaign's costs becomes entries, or is refused with the row and why."""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from baton.contracts.vocabulary import Channel
from baton.errors import Refused
from marketing_intake.domain.campaign import CostEntry

ROWS_MAX: Final = 10_000
CELL_CHARACTERS_MAX: Final = 500
NEEDED: Final = ("spent_on", "amount", "currency")
COLUMNS: Final = (*NEEDED, "channel", "note", "reference")
AMOUNT: Final = re.compile(r"^-?[0-9]{1,14}(\.[0-9]{1,4})?$", re.ASCII)
CURRENCY: Final = re.compile(r"^[A-Z]{3}$")
DAY: Final = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", re.ASCII)
REFERENCE_CHARACTERS: Final = 32


class _Semicolons(csv.excel):
    """What spreadsheets write where the comma divides decimals."""

    delimiter = ";"


def read_costs(body: bytes) -> list[CostEntry]:
    """The file's entries, from columns with the names in `COLUMNS`, in whatever order.

    A row without a reference gets one from what it says, and from its place among rows that say
    the same: the same file twice adds nothing. Raises `Refused` with the row and what was expected;
    then nothing of the file counts.
    """
    seen: Counter[str] = Counter()
    entries = []
    for number, row in _rows(body):
        said = "\x1f".join(row.get(name) or "" for name in COLUMNS[:-1])
        seen[said] += 1
        derived = hashlib.sha256(f"{said}\x1f{seen[said]}".encode()).hexdigest()
        reference = row.get("reference") or derived[:REFERENCE_CHARACTERS]
        entries.append(_entry(row, reference, number))
    return entries


def _rows(body: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("the file must be UTF-8", field="body") from None
    dialect = _Semicolons if ";" in text.partition("\n")[0] else csv.excel
    reader = csv.DictReader(io.StringIO(text, newline=""), dialect=dialect, strict=True)
    try:
        names = [(name or "").strip() for name in reader.fieldnames or ()]
        _check_names(names)
        reader.fieldnames = names
        for number, row in enumerate(reader, start=1):
            if number > ROWS_MAX:
                raise Refused(f"a file may have {ROWS_MAX} rows", field="body")
            yield number, _cells(row, number)
    except csv.Error:
        raise Refused(f"line {reader.line_num}: must be valid CSV", field="body") from None


def _check_names(names: list[str]) -> None:
    lacking = [name for name in NEEDED if name not in names]
    if lacking:
        raise Refused(f"the first line must name the column {lacking[0]}", field=lacking[0])
    strange = [name for name in names if name not in COLUMNS]
    if strange or len(set(names)) != len(names):
        raise Refused(f"columns are {', '.join(COLUMNS)}, each once", field="body")


def _cells(row: Mapping[str | None, str | list[str] | None], number: int) -> dict[str, str]:
    cells = {}
    for name, value in row.items():
        if name is None or isinstance(value, list):
            raise Refused(f"row {number} has more cells than the first line", field="body")
        cells[name] = (value or "").strip()
        if len(cells[name]) > CELL_CHARACTERS_MAX or "\0" in cells[name]:
            raise Refused(
                f"row {number}: must have at most {CELL_CHARACTERS_MAX} characters, and no NUL",
                field=name,
            )
    return cells


def _entry(row: Mapping[str, str], reference: str, number: int) -> CostEntry:
    for name, shape, expected in (
        ("spent_on", DAY, "a day as 2026-05-04"),
        ("amount", AMOUNT, "a decimal with at most four places, with a point"),
        ("currency", CURRENCY, "an ISO 4217 code in capitals"),
    ):
        if not shape.match(row.get(name, "")):
            raise Refused(f"row {number}: must be {expected}", field=name)
    try:
        spent_on = date.fromisoformat(row["spent_on"])
    except ValueError:
        raise Refused(f"row {number}: must be a day that exists", field="spent_on") from None
    return CostEntry(
        reference=reference,
        spent_on=spent_on,
        amount=Decimal(row["amount"]),
        currency=row["currency"],
        channel=_channel(row.get("channel") or None, number),
        note=row.get("note") or None,
    )


def _channel(word: str | None, number: int) -> Channel | None:
    try:
        return None if word is None else Channel(word)
    except ValueError:
        raise Refused(f"row {number}: must be a channel's word", field="channel") from None
