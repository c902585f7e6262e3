"""Reads files of rows whose separator nobody has named, and tells what is missing in them."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from launcher.errors import CannotStart

DELIMITERS: Final = (",", ";", "\t", "|")


def rows_of(
    path: Path, encoding: str, delimiter: str | None
) -> Iterator[tuple[str, dict[str, str]]]:
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


def header_of(path: Path, encoding: str, delimiter: str | None) -> list[str]:
    """The columns of a file. Raises `CannotStart` when it has no rows."""
    for _, row in rows_of(path, encoding, delimiter):
        return list(row)
    raise CannotStart(f"{path.name} holds no rows.")


def refuse_unknown(wanted: Mapping[str, str | None], columns: list[str], file: str) -> None:
    """Raise `CannotStart` for the first place of a profile whose column is not there."""
    for place, column in wanted.items():
        if column is not None and column not in columns:
            raise CannotStart(
                f"{place} names {column!r}, and {file} has no such column; it has "
                f"{', '.join(columns)}."
            )
