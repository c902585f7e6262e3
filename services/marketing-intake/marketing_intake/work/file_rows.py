"""An import's file out of its chunks: its rows as submissions, from where the import stands."""

import asyncio
from typing import Final

from baton.transaction import Origin
from baton.transactions import Transactions
from marketing_intake.domain.imports import CHUNK_BYTES, ImportFormat
from marketing_intake.domain.source import Source
from marketing_intake.handlers.imports import RowRead
from marketing_intake.handlers.submission import Submission
from marketing_intake.reading.readers import CSV_ROW, JSON_ROW
from marketing_intake.reading.tabular.csv_rows import BrokenRow, Row
from marketing_intake.reading.tabular.drafts import RowDrafts, rows_of
from marketing_intake.repository import imports
from marketing_intake.repository.imports import Held

SLICE_ROWS: Final = 25
"""So many are read at a time; in between those who wait at a door are served."""
BATCH_BYTES_MAX: Final = 4 * 1024 * 1024
"""A batch of long rows ends sooner: each is held several times over while it is written."""


class FileRows:
    """Reads a file row by row, one chunk in memory at a time."""

    def __init__(
        self, transactions: Transactions, held: Held, source: Source, *, region: str
    ) -> None:
        self._transactions = transactions
        self._held = held
        self._drafts = RowDrafts(held.layout, source, region)
        position = held.progress.position
        self._rows = rows_of(held.layout, position)
        self._chunk, self._skip = divmod(position, CHUNK_BYTES)
        self._chunks = -(-held.size_bytes // CHUNK_BYTES)
        self._contract_version = source.contract_version
        self._origin = Origin(held.id, held.traceparent)
        is_csv = held.layout.format is ImportFormat.CSV
        self._content_type = "text/csv" if is_csv else "application/json"
        self._component = CSV_ROW if is_csv else JSON_ROW

    async def next(self, maximum: int) -> list[RowRead]:
        """The next rows in order, up to so many; none at the end of the file."""
        found: list[RowRead] = []
        size_bytes = 0
        while len(found) < maximum and size_bytes < BATCH_BYTES_MAX:
            rows = self._rows.take(min(SLICE_ROWS, maximum - len(found)))
            found += [self._read(row) for row in rows]
            size_bytes += sum(len(row.body) for row in rows)
            if not rows and not await self._feed():
                break
            await asyncio.sleep(0)  # noqa: TID251 it waits for no time, it lets others run
        return found

    async def _feed(self) -> bool:
        if self._chunk >= self._chunks:
            return False
        async with self._transactions.database.connection() as reader:
            body = await imports.chunk(reader, self._held.id, self._chunk)
        piece, self._skip = body[self._skip :], 0
        self._chunk += 1
        self._rows.feed(piece, is_last=self._chunk == self._chunks)
        return True

    def _read(self, row: Row | BrokenRow) -> RowRead:
        now = self._transactions.clock.now()
        submission = Submission(
            source_id=self._held.source_id,
            draft=self._drafts.draft(row, now),
            body=row.body,
            content_type=self._content_type,
            origin=self._origin,
            received_at=now,
            component=self._component,
            contract_version=self._contract_version,
        )
        return RowRead(submission, row.end)
