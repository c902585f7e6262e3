"""A dry run: how the first rows of a file would be read, and how many would be taken."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel

from marketing_intake.api.uploading import FileTold, receive
from marketing_intake.domain.draft import RefusedDraft
from marketing_intake.domain.imports import ImportFormat, Layout
from marketing_intake.domain.source import Source
from marketing_intake.reading.tabular.csv_rows import BrokenRow, Row
from marketing_intake.reading.tabular.drafts import RowDrafts, rows_of

SHOWN_MAX: Final = 20
CHECKED_MAX: Final = 10_000
"""Reading so many takes half a second; a file's faults are mostly of few kinds."""
FAULTS_MAX: Final = 20
SLICE_ROWS: Final = 100


class LayoutView(BaseModel):
    """How a file is read: which columns fill which fields; those not named are kept unread."""

    format: ImportFormat
    delimiter: str
    has_header: bool
    columns: list[str]
    mapping: dict[str, str]


class FaultCount(BaseModel):
    """A fault and how many rows have it."""

    kind: str | None
    field: str | None
    detail: str | None
    rows: int


class RowPreview(BaseModel):
    """A row as it would be read; `fields` is null for one that can't be read at all."""

    row: int
    fields: dict[str, Any] | None
    kind: str | None = None
    field: str | None = None
    detail: str | None = None


class Preview(LayoutView):
    """What an import of the file would do; nothing of it was kept."""

    encoding: str
    size_bytes: int
    checked: int
    is_whole_file: bool
    would_be_taken: int
    would_be_refused: int
    faults: list[FaultCount]
    rows: list[RowPreview]


@dataclass(slots=True)
class _Checked:
    """The rows that were looked at so far."""

    source: Source
    region: str
    now: datetime
    count: int = 0
    shown: list[RowPreview] = field(default_factory=list)
    faults: Counter[tuple[str, str | None, str]] = field(default_factory=Counter)

    async def check(self, layout: Layout, text: bytes, *, is_last: bool) -> None:
        """Look at the rows of a file's beginning."""
        rows = rows_of(layout)
        rows.feed(text[layout.start :], is_last=is_last)
        drafts = RowDrafts(layout, self.source, self.region)
        while found := rows.take(min(SLICE_ROWS, CHECKED_MAX - self.count)):
            for row in found:
                self._check(row, drafts)
            await asyncio.sleep(0)  # noqa: TID251 it waits for no time, it lets others run

    def _check(self, row: Row | BrokenRow, drafts: RowDrafts) -> None:
        self.count += 1
        draft = drafts.draft(row, self.now)
        fault = draft if isinstance(draft, RefusedDraft) else None
        if fault is not None:
            self.faults[fault.kind, fault.field, fault.detail] += 1
        if len(self.shown) < SHOWN_MAX:
            told = {} if fault is None else {"kind": fault.kind, "detail": fault.detail}
            name = None if fault is None else fault.field
            fields = drafts.shown(row) if isinstance(row, Row) else None
            self.shown.append(RowPreview(row=self.count, fields=fields, field=name, **told))


async def preview_of(
    pieces: AsyncIterator[bytes], told: FileTold, source: Source, *, region: str, now: datetime
) -> Preview:
    """Read a file as an import would, without keeping any of it.

    Looks at the rows of its first chunk, and at no more than `CHECKED_MAX`. Raises `Refused` as
    `receive` does.
    """
    first: list[bytes] = []

    async def store(number: int, chunk: bytes) -> None:
        if number == 0:
            first.append(chunk)

    received = await receive(pieces, told, store)
    is_all = len(first[0]) == received.size_bytes
    checked = _Checked(source, region, now)
    await checked.check(received.layout, first[0], is_last=is_all)
    refused = checked.faults.total()
    return Preview(
        **view_of(received.layout).model_dump(),
        encoding=received.encoding,
        size_bytes=received.size_bytes,
        checked=checked.count,
        is_whole_file=is_all and checked.count < CHECKED_MAX,
        would_be_taken=checked.count - refused,
        would_be_refused=refused,
        faults=[
            FaultCount(kind=kind, field=field_, detail=detail, rows=rows)
            for (kind, field_, detail), rows in checked.faults.most_common(FAULTS_MAX)
        ],
        rows=checked.shown,
    )


def view_of(layout: Layout) -> LayoutView:
    """The layout as it is shown."""
    return LayoutView(
        format=layout.format,
        delimiter=layout.delimiter,
        has_header=layout.has_header,
        columns=list(layout.columns),
        mapping=dict(layout.mapping),
    )
