"""What an import is asked for with, and how it is shown."""

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field

from baton.errors import Refused
from baton.http import Line, Uuid
from marketing_intake.api.previews import FaultCount, LayoutView, view_of
from marketing_intake.api.uploading import FileTold, refusal_of
from marketing_intake.domain.imports import DELIMITERS, ImportFormat, ImportStatus
from marketing_intake.domain.source import Source
from marketing_intake.reading.findings import Unreadable
from marketing_intake.reading.tabular.detecting import Told
from marketing_intake.reading.tabular.mapping import COLUMNS_MAX, told_mapping
from marketing_intake.repository.imports import layout_of

WORDS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


class ImportOptions(BaseModel):
    """What is said of a file; what is not said is found out from its beginning."""

    name: Line = Field(default="file", description="what the file is called")
    source_id: Uuid | None = Field(
        default=None, description="whose leads they are; by default the key's own source"
    )
    format: ImportFormat | None = None
    delimiter: Annotated[str, Field(max_length=10)] | None = Field(
        default=None, description="comma, semicolon, tab or pipe"
    )
    encoding: Annotated[str, Field(max_length=40)] | None = Field(
        default=None, description="utf-8, utf-16 or windows-1252"
    )
    has_header: bool | None = None
    map: list[Annotated[str, Field(max_length=300)]] = Field(
        default_factory=list,
        max_length=COLUMNS_MAX,
        description="`column=field`, or `traits.NAME`, `consent.PURPOSE`, or nothing: keep it out",
    )
    dry_run: bool = Field(default=False, description="show how it would be read, and keep nothing")

    def told(self, source: Source) -> FileTold:
        """As the reading room takes it, for a file of this source. Raises `Refused`."""
        try:
            mapping = told_mapping(self.map)
        except Unreadable as error:
            raise refusal_of(error) from None
        agreed = {} if source.shaping is None else source.shaping.names
        layout = Told(self.format, self._delimiter(), self.has_header, mapping, agreed)
        return FileTold(layout, self.encoding)

    def _delimiter(self) -> str | None:
        if self.delimiter is None:
            return None
        delimiter = WORDS.get(self.delimiter, self.delimiter)
        if delimiter not in DELIMITERS:
            raise Refused(f"delimiter must be one of {', '.join(WORDS)}", field="delimiter")
        return delimiter


class ImportView(BaseModel):
    """An import; `taken`, `refused` and `suppressed` make up `rows` at any moment.

    `suppressed` rows name somebody who was forgotten. `held_until` is when it goes on of itself,
    while its source has had its day's worth.
    """

    import_id: str
    source_id: str
    source: str
    name: str
    status: ImportStatus
    layout: LayoutView | None
    encoding: str | None
    size_bytes: int
    percent: float
    rows: int
    taken: int
    refused: int
    suppressed: int
    held_until: datetime | None
    rows_per_second: float | None
    reason: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class ImportDetail(ImportView):
    """An import with the commonest faults of its rows; `mended` were taken since, by a replay."""

    mended: int
    faults: list[FaultCount]


def shown(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A row of the imports as a view has it."""
    document, size = row["layout"], row["size_bytes"]
    return row | {
        "layout": view_of(layout_of(document)) if document else None,
        "percent": round(100 * row["position"] / size, 1) if size else 0.0,
        "rows_per_second": _rate(row, now),
    }


def _rate(row: dict[str, Any], now: datetime) -> float | None:
    if row["started_at"] is None:
        return None
    seconds = ((row["ended_at"] or now) - row["started_at"]).total_seconds()
    return round(row["rows"] / seconds, 1) if seconds > 0 else None
