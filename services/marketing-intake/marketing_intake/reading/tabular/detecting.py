"""How a file is laid out: as it is told, else as its first rows show."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from marketing_intake.domain.imports import COMMA, DELIMITERS, ImportFormat, Layout
from marketing_intake.reading.findings import Unreadable
from marketing_intake.reading.tabular.csv_rows import CsvRows, Row
from marketing_intake.reading.tabular.mapping import field_of, mapping_of, named, numbered

SAMPLE_ROWS: Final = 20
SAMPLE_CHARACTERS: Final = 64 * 1024
VALUE: Final = re.compile(r"@|^\+?[\d\s().:/-]+$|^https?://", re.IGNORECASE)
"""What stands in a row of a lead and in no header: addresses, numbers, dates."""


@dataclass(frozen=True, slots=True)
class Told:
    """What whoever sends a file says of it; what is None is found out.

    `agreed` is how the contract with their source names fields, for columns that are not mapped.
    """

    format: ImportFormat | None = None
    delimiter: str | None = None
    has_header: bool | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    agreed: Mapping[str, str] = field(default_factory=dict)


def layout_of(sample: bytes, told: Told, *, is_whole: bool) -> Layout:
    """The layout of a file that begins so. Raises `Unreadable` when it can't be read like that."""
    format_ = told.format or _format_of(sample)
    if format_ is ImportFormat.JSONL:
        return Layout(format_, has_header=False, mapping=_checked_names(told.mapping))
    delimiter = told.delimiter or delimiter_of(sample)
    rows = CsvRows(delimiter, width=None, position=0)
    rows.feed(sample, is_last=is_whole)
    first = next(iter(rows.take(1)), None)
    if not isinstance(first, Row):
        raise Unreadable("the file must begin with a row that can be read", "body")
    has_header = _is_header(first.cells) if told.has_header is None else told.has_header
    if has_header:
        columns = named(first.cells)
    else:
        columns = named([numbered(number) for number in range(1, len(first.cells) + 1)])
    return Layout(
        format=format_,
        delimiter=delimiter,
        has_header=has_header,
        columns=columns,
        mapping=mapping_of(columns, told.mapping, told.agreed),
        start=first.end if has_header else 0,
    )


def delimiter_of(sample: bytes) -> str:
    """The delimiter that gives the first rows the same number of values, and many of them."""
    text = sample.decode(errors="replace")[:SAMPLE_CHARACTERS]
    best, best_worth = COMMA, (0.0, 1)
    for delimiter in DELIMITERS:
        worth = _worth(text, delimiter)
        if worth[1] > 1 and worth > best_worth:
            best, best_worth = delimiter, worth
    return best


def _worth(text: str, delimiter: str) -> tuple[float, int]:
    widths = []
    with suppress(csv.Error):  # what was read until then is worth as much
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if row:
                widths.append(len(row))
            if len(widths) == SAMPLE_ROWS:
                break
    if not widths:
        return (0.0, 0)
    return (sum(width == widths[0] for width in widths) / len(widths), widths[0])


def _format_of(sample: bytes) -> ImportFormat:
    return ImportFormat.JSONL if sample.lstrip()[:1] == b"{" else ImportFormat.CSV


def _is_header(cells: Sequence[str]) -> bool:
    if any(field_of(cell) is not None for cell in cells):
        return True
    return not any(VALUE.search(cell.strip()) for cell in cells)


def _checked_names(mapping: Mapping[str, str]) -> dict[str, str]:
    """JSON lines have no header to hold the mapping against."""
    return mapping_of(tuple(mapping), mapping)
