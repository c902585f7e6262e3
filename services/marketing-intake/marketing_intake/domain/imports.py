"""An import: a file of leads on its way in, how it is laid out, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

CHUNK_BYTES: Final = 1024 * 1024
"""A file is kept in pieces of this size; it never changes, since offsets count on it."""
COMMA: Final = ","
DELIMITERS: Final = (COMMA, ";", "\t", "|")


class ImportFormat(StrEnum):
    """How a file holds its leads."""

    CSV = "csv"
    JSONL = "jsonl"


class ImportStatus(StrEnum):
    """Where an import is; the last three are ends."""

    UPLOADING = "uploading"
    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"
    FAILED = "failed"


MOVES: Final[Mapping[ImportStatus, frozenset[ImportStatus]]] = {
    ImportStatus.UPLOADING: frozenset({ImportStatus.WAITING, ImportStatus.CANCELLED}),
    ImportStatus.WAITING: frozenset({ImportStatus.RUNNING, ImportStatus.CANCELLED}),
    # It waits again while its source has had its day's worth.
    ImportStatus.RUNNING: frozenset(
        {
            ImportStatus.WAITING,
            ImportStatus.ENDED,
            ImportStatus.CANCELLED,
            ImportStatus.FAILED,
        }
    ),
    ImportStatus.ENDED: frozenset(),
    ImportStatus.CANCELLED: frozenset(),
    ImportStatus.FAILED: frozenset(),
}


def sources_of(target: ImportStatus) -> tuple[ImportStatus, ...]:
    """The statuses from which an import may come to this one."""
    return tuple(status for status, targets in MOVES.items() if target in targets)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is read: `mapping` has the field of `LeadForm` or `traits.NAME` for a column.

    A column that is not mapped is kept with the row's payload and read no further. `start` is the
    offset of the first row behind the header. JSON lines have neither columns nor delimiter.
    """

    format: ImportFormat
    delimiter: str = COMMA
    has_header: bool = True
    columns: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    start: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come: `position` is the byte behind the last row that is accounted for.

    `taken`, `refused` and `suppressed` (rows that name somebody who was forgotten) make up `rows`
    at any moment.
    """

    position: int
    rows: int = 0
    taken: int = 0
    refused: int = 0
    suppressed: int = 0

    def after(self, *, position: int, taken: int, refused: int, suppressed: int) -> "Progress":
        """The progress once so many more rows are accounted for."""
        return Progress(
            position,
            self.rows + taken + refused + suppressed,
            self.taken + taken,
            self.refused + refused,
            self.suppressed + suppressed,
        )
