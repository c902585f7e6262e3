"""A stream of bytes is cut into whole lines, and one that never ends is let go of."""

from dataclasses import dataclass
from typing import Final

from marketing_intake.reading.json_lead import LEAD_BYTES_MAX

LINE_BYTES_MAX: Final = LEAD_BYTES_MAX
"""A longer line is no lead; so much of it is kept."""


@dataclass(frozen=True, slots=True)
class Oversized:
    """A line that was too long: its beginning, and the offset behind its end."""

    beginning: bytes
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines with their ends, from `start` on; the line that was too long came before them."""

    start: int
    lines: list[bytes]
    oversized: Oversized | None = None


class Lines:
    """Cuts what it is fed; holds no more than a line's greatest length and the piece itself."""

    def __init__(self, position: int) -> None:
        self._start = position
        self._held = b""
        self._skipped: bytes | None = None

    @property
    def is_skipping(self) -> bool:
        """Whether a line that is too long goes on behind the last block."""
        return self._skipped is not None

    def feed(self, piece: bytes, *, is_last: bool) -> Block:
        """The lines that are whole after this piece; a line ends with LF, CR LF or CR."""
        oversized = None
        if self._skipped is not None:
            piece, oversized = self._skip(piece, is_last=is_last)
        held = self._held + piece
        lines = held.splitlines(keepends=True)
        self._held = b""
        # A line that ends with CR alone may be about to get its LF.
        if lines and not is_last and not lines[-1].endswith(b"\n"):
            self._held = lines.pop()
        start, self._start = self._start, self._start + len(held) - len(self._held)
        if len(self._held) > LINE_BYTES_MAX and self._skipped is None:
            self._begin_to_skip()
        return Block(start, lines, oversized)

    def unread(self, tail: bytes) -> None:
        """Take back the end of the last block: it is no whole row yet. Not while skipping."""
        self._held = tail + self._held
        self._start -= len(tail)

    def _begin_to_skip(self) -> None:
        self._skipped = self._held[:LINE_BYTES_MAX]
        self._start += len(self._held)
        self._held = b""

    def _skip(self, piece: bytes, *, is_last: bool) -> tuple[bytes, Oversized | None]:
        assert self._skipped is not None
        end = piece.find(b"\n") + 1
        if not end and not is_last:
            self._start += len(piece)
            return b"", None
        end = end or len(piece)
        self._start += end
        beginning, self._skipped = self._skipped, None
        return piece[end:], Oversized(beginning, self._start)
