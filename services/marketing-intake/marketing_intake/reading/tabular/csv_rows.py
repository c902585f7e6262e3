"""Rows out of CSV (RFC 4180): quoted newlines, and faults that end with the row they are in."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple

from marketing_intake.domain.draft import Failure, RefusedDraft
from marketing_intake.reading.tabular.lines import LINE_BYTES_MAX, Lines

FIELD_CHARACTERS_MAX: Final = 128 * 1024
"""The csv module's own limit, which is the whole process's and is left as it is."""
TOO_LONG: Final = RefusedDraft(
    "too-large", None, f"a row may have {LINE_BYTES_MAX} bytes", 413, Failure.LIMIT
)


def malformed(detail: str) -> RefusedDraft:
    """The fault of a row that is not of its file's form."""
    return RefusedDraft("malformed", None, detail, 400, Failure.FORMAT)


UNCLOSED: Final = malformed("a quoted value must be closed")
MISQUOTED: Final = malformed("a quoted value must end before the delimiter, quotes in it doubled")
NOT_UTF_8: Final = malformed("must be UTF-8")
UNFINISHED: Final = "unexpected end of data"
"""What the csv module says, strictly, of an open quote; its other words are of other faults."""
OVER_LIMIT: Final = "field larger than field limit"

TEXT: Final[Callable[[bytes], str]] = partial(str, encoding="utf-8", errors="surrogateescape")


class Row(NamedTuple):
    """A row's own bytes, its values, and the offset behind it; a tuple, since many are made."""

    body: bytes
    cells: list[str]
    end: int
    is_clean: bool


class BrokenRow(NamedTuple):
    """A row that could not be read, or not as a lead: why, and the offset behind it."""

    body: bytes
    fault: RefusedDraft
    end: int


@dataclass(slots=True)
class _Open:
    """The block that rows are being taken from."""

    lines: list[bytes]
    reader: Iterator[list[str]]
    line: int
    first_line: int
    is_clean: bool


class CsvRows:
    """Takes rows out of what it is fed. `width` is how many values a row has, None for any.

    A quote that is not closed, or closed in the middle of a value, spoils the line that its row
    began on and no more: reading goes on with the next line. A row without any value is none.
    """

    def __init__(self, delimiter: str, *, width: int | None, position: int) -> None:
        self._delimiter = delimiter
        self._width = width
        self._lines = Lines(position)
        self._end = position
        self._is_last = False
        self._open = self._opened([], 0, is_clean=True)
        self._broken: BrokenRow | None = None

    def feed(self, piece: bytes, *, is_last: bool) -> None:
        """More of the file, once `take` has given all that there was."""
        block = self._lines.feed(piece, is_last=is_last)
        self._is_last = is_last
        self._end = block.start
        if block.oversized is not None:
            self._broken = BrokenRow(block.oversized.beginning, TOO_LONG, block.oversized.end)
        is_clean = _is_clean(block.lines)
        self._open = self._opened(block.lines, 0, is_clean=is_clean)

    def take(self, maximum: int) -> list[Row | BrokenRow]:
        """Up to so many rows, in order; fewer mean that more must be fed."""
        found: list[Row | BrokenRow] = []
        if self._broken is not None:
            found.append(self._broken)
            self._broken = None
        while len(found) < maximum:
            row = self._next()
            if row is None:
                break
            found.append(row)
        return found

    def _next(self) -> Row | BrokenRow | None:
        while True:
            first = self._open.line
            try:
                cells = next(self._open.reader)
            except StopIteration:
                return None
            except csv.Error as error:
                return self._recovered(first, str(error))
            body = self._body(first)
            self._end += len(body)
            if any(cells):
                return self._row(body, cells)

    def _row(self, body: bytes, cells: list[str]) -> Row | BrokenRow:
        if len(body) > LINE_BYTES_MAX:
            return BrokenRow(body[:LINE_BYTES_MAX], TOO_LONG, self._end)
        if self._width is not None and len(cells) != self._width:
            return BrokenRow(body, _wrong_width(len(cells), self._width), self._end)
        if not self._open.is_clean and not _is_utf_8(body):
            return BrokenRow(body, NOT_UTF_8, self._end)
        return Row(body, cells, self._end, self._open.is_clean)

    def _body(self, first: int) -> bytes:
        opened = self._open
        opened.line = opened.first_line + opened.reader.line_num  # type: ignore[attr-defined]  # csv's reader has it
        if opened.line == first + 1:
            return opened.lines[first]
        return b"".join(opened.lines[first : opened.line])

    def _recovered(self, first: int, error: str) -> BrokenRow | None:
        opened = self._open
        if error.startswith(UNFINISHED) and self._may_go_on(tail := opened.lines[first:]):
            self._open = self._opened([], 0, is_clean=True)
            self._lines.unread(b"".join(tail))
            return None
        is_one_line = opened.first_line + opened.reader.line_num == first + 1  # type: ignore[attr-defined]  # as above
        fault = MISQUOTED
        if error.startswith(OVER_LIMIT) and is_one_line:
            fault = TOO_LONG
        elif error.startswith((UNFINISHED, OVER_LIMIT)):
            fault = UNCLOSED
        body = opened.lines[first]
        self._end += len(body)
        self._open = self._opened(opened.lines, first + 1, is_clean=opened.is_clean)
        return BrokenRow(body[:LINE_BYTES_MAX], fault, self._end)

    def _may_go_on(self, tail: list[bytes]) -> bool:
        """Whether what follows may close the quote before the row is too long."""
        is_over = self._is_last or self._lines.is_skipping
        return not is_over and sum(map(len, tail)) <= LINE_BYTES_MAX

    def _opened(self, lines: list[bytes], first: int, *, is_clean: bool) -> _Open:
        texts = map(TEXT, lines[first:] if first else lines)
        reader = csv.reader(texts, delimiter=self._delimiter, strict=True)
        return _Open(lines, reader, first, first, is_clean)


def _is_clean(lines: list[bytes]) -> bool:
    """Whether there is neither a NUL nor a byte that is no UTF-8, so that no row need be asked."""
    text = b"".join(lines)
    return b"\0" not in text and _is_utf_8(text)


def _is_utf_8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _wrong_width(found: int, wanted: int) -> RefusedDraft:
    return malformed(f"must have {wanted} values, has {found}")
