"""Rows out of JSON lines: one object a line."""

from collections import deque

from marketing_intake.reading.tabular.csv_rows import TOO_LONG, BrokenRow, Row
from marketing_intake.reading.tabular.lines import LINE_BYTES_MAX, Lines


class JsonRows:
    """Takes lines out of what it is fed; an empty line is none. Whoever drafts them parses them."""

    def __init__(self, *, position: int) -> None:
        self._lines = Lines(position)
        self._waiting: deque[Row | BrokenRow] = deque()

    def feed(self, piece: bytes, *, is_last: bool) -> None:
        """More of the file, once `take` has given all that there was."""
        block = self._lines.feed(piece, is_last=is_last)
        if block.oversized is not None:
            cut = block.oversized
            self._waiting.append(BrokenRow(cut.beginning, TOO_LONG, cut.end))
        end = block.start
        for line in block.lines:
            end += len(line)
            if line.isspace():
                continue
            if len(line) > LINE_BYTES_MAX:
                self._waiting.append(BrokenRow(line[:LINE_BYTES_MAX], TOO_LONG, end))
            else:
                self._waiting.append(Row(line, [], end, is_clean=True))

    def take(self, maximum: int) -> list[Row | BrokenRow]:
        """Up to so many rows, in order; fewer mean that more must be fed."""
        return [self._waiting.popleft() for _ in range(min(maximum, len(self._waiting)))]
