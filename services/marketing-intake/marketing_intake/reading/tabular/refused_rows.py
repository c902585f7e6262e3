"""Refused rows as CSV: each with its number, its fault and its own values, ready to be mended."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from marketing_intake.domain.imports import ImportFormat, Layout

FAULT_COLUMNS: Final = ("refused_row", "refused_field", "refused_reason")
LINE_COLUMN: Final = "line"
"""Of a JSON-lines file, whose rows have no columns."""
BOM: Final = "\ufeff"
"""Without it spreadsheets read UTF-8 as something else, and write that something back."""


class RefusedRows:
    """Writes CSV as the file was written, piece by piece.

    The columns that say what is wrong are last, and mean nothing when it is sent again.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._is_csv = layout.format is ImportFormat.CSV
        self._columns = layout.columns if self._is_csv else (LINE_COLUMN,)

    def head(self) -> str:
        """The names of the columns."""
        return BOM + self._text([(*self._columns, *FAULT_COLUMNS)])

    def body(self, rows: Sequence[Mapping[str, Any]]) -> str:
        """These rows: `row`, `field`, `detail`, and `body`, the bytes that were kept."""
        return self._text(
            [(*self._cells(row["body"]), row["row"], row["field"], row["detail"]) for row in rows]
        )

    def _cells(self, body: bytes | None) -> Sequence[str]:
        text = (body or b"").decode(errors="replace")
        if not self._is_csv:
            return [text.rstrip("\r\n")]
        width = len(self._columns)
        # A row that could not be read is shown as well as it goes.
        source = io.StringIO(text.replace("\0", ""), newline="")
        try:
            cells = next(csv.reader(source, delimiter=self._layout.delimiter), [])
        except csv.Error:
            cells = [text.rstrip("\r\n")]
        spare = self._layout.delimiter.join(cells[width - 1 :])
        cells = cells if len(cells) <= width else [*cells[: width - 1], spare]
        return [*cells, *[""] * (width - len(cells))]

    def _text(self, rows: Sequence[Sequence[object]]) -> str:
        out = io.StringIO()
        csv.writer(out, delimiter=self._layout.delimiter).writerows(rows)
        return out.getvalue()
