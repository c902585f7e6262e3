"""A row becomes a draft: its values under the names of the lead's form, of the form's types."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import orjson
from pydantic import ValidationError

from baton.contracts.vocabulary import SourceKind
from marketing_intake.domain.contract import CONSENT, NOT_GIVEN, TRAIT
from marketing_intake.domain.draft import LeadDraft, RefusedDraft
from marketing_intake.domain.imports import ImportFormat, Layout
from marketing_intake.domain.source import Source
from marketing_intake.domain.traits import DeclaredTrait, TraitKind
from marketing_intake.reading.json_lead import (
    FORM,
    draft_of,
    read_fields,
    read_json,
    refusal_of,
)
from marketing_intake.reading.tabular.csv_rows import BrokenRow, CsvRows, Row, malformed
from marketing_intake.reading.tabular.json_rows import JsonRows

BETWEEN_PURPOSES: Final = re.compile(r"[\s,;|]+")
WORDS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
NOT_AN_OBJECT: Final = malformed("a line must be a JSON object")

Rows = CsvRows | JsonRows


def rows_of(layout: Layout, position: int | None = None) -> Rows:
    """What takes the rows of such a file, from an offset at a row's boundary on."""
    start = layout.start if position is None else position
    if layout.format is ImportFormat.JSONL:
        return JsonRows(position=start)
    return CsvRows(layout.delimiter, width=len(layout.columns), position=start)


class RowDrafts:
    """Makes drafts of one source's rows; an empty value is one that was not given."""

    def __init__(self, layout: Layout, source: Source, region: str) -> None:
        self._layout = layout
        # A file is somebody's list, and no act of who is on it, whatever its source sends besides.
        self._source = replace(source, kind=SourceKind.IMPORT)
        self._region = region
        self._is_csv = layout.format is ImportFormat.CSV
        if self._is_csv and source.shaping is not None:
            # The layout has given each column its field; to be picked and completed is left.
            shaping = replace(source.shaping, names={})
            self._source = replace(self._source, shaping=shaping)
        places = [
            (place, layout.mapping[column])
            for place, column in enumerate(layout.columns)
            if column in layout.mapping
        ]
        self._plain = [(p, t) for p, t in places if not t.startswith((TRAIT, CONSENT))]
        self._boxes = [(p, t.removeprefix(CONSENT)) for p, t in places if t.startswith(CONSENT)]
        self._traits = [(p, t.removeprefix(TRAIT)) for p, t in places if t.startswith(TRAIT)]

    def draft(self, row: Row | BrokenRow, now: datetime) -> LeadDraft | RefusedDraft:
        """The lead of a row, or why it is none."""
        if isinstance(row, BrokenRow):
            return row.fault
        if not self._is_csv:
            return self._from_json(row.body, now)
        fields = self.fields(row)
        if not row.is_clean or self._source.shaping is not None:
            return read_fields(fields, self._source, now, self._region)
        try:
            form = FORM.validate_python(fields)
        except ValidationError as error:
            return refusal_of(error)
        return draft_of(form, self._source, now, self._region)

    def fields(self, row: Row) -> dict[str, Any]:
        """The values of a CSV row under the names of `LeadForm`; a column nobody mapped is not."""
        cells = row.cells
        found: dict[str, Any] = {target: cells[p] for p, target in self._plain if cells[p]}
        if "consent" in found:
            found["consent"] = [one for one in BETWEEN_PURPOSES.split(found["consent"]) if one]
        for place, purpose in self._boxes:
            if cells[place].strip().lower() not in NOT_GIVEN:
                found["consent"] = [*found.get("consent", ()), purpose]
        if self._traits:
            declared = self._source.declared
            found["traits"] = {
                name: _typed(cells[p], declared.get(name)) for p, name in self._traits if cells[p]
            }
        return found

    def shown(self, row: Row) -> dict[str, Any] | None:
        """The values of any row under the names of `LeadForm`; None when it holds no object."""
        return self.fields(row) if self._is_csv else self._object(row.body)

    def _from_json(self, body: bytes, now: datetime) -> LeadDraft | RefusedDraft:
        if not self._layout.mapping:
            return read_json(body, self._source, now, self._region)
        given = self._object(body)
        if given is None:
            return NOT_AN_OBJECT
        try:
            told = orjson.dumps(given)
        except orjson.JSONEncodeError:  # nested deeper than it is read
            return NOT_AN_OBJECT
        return read_json(told, self._source, now, self._region)

    def _object(self, body: bytes) -> dict[str, Any] | None:
        try:
            given = orjson.loads(body)
        except orjson.JSONDecodeError:
            return None
        return renamed(given, self._layout.mapping) if isinstance(given, dict) else None


def draft_again(
    body: bytes, layout: Layout, source: Source, now: datetime, *, region: str
) -> LeadDraft | RefusedDraft:
    """The draft of a row that was kept, as it is or mended; `layout` may be another than it was."""
    rows = rows_of(layout, 0)
    rows.feed(body, is_last=True)
    found = rows.take(2)
    if len(found) != 1:
        return malformed("must be one row of the file")
    return RowDrafts(layout, source, region).draft(found[0], now)


def renamed(given: Mapping[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    """A JSON object's members under the names of `LeadForm`; those not mapped keep their own."""
    found = {name: value for name, value in given.items() if name not in mapping}
    for name, target in mapping.items():
        if name not in given:
            continue
        if target.startswith(TRAIT):
            traits = found.setdefault("traits", {})
            if isinstance(traits, dict):
                traits[target.removeprefix(TRAIT)] = given[name]
        else:
            found[target] = given[name]
    return found


def _typed(text: str, trait: DeclaredTrait | None) -> str | bool | int | float:
    """The value as its declaration has it; what is not of its kind stays text and is refused."""
    kind = TraitKind.TEXT if trait is None else trait.kind
    match kind:
        case TraitKind.TEXT:
            return text
        case TraitKind.BOOLEAN:
            return WORDS.get(text.strip().lower(), text)
        case TraitKind.NUMBER:
            with suppress(ValueError):
                return int(text)
            with suppress(ValueError):
                return float(text)
            return text
