"""A file of companies: CSV with a column `domain`, and a column for each trait that it knows."""

import csv
import io
from collections.abc import Mapping
from typing import Final

from marketing_intake.domain.enrichment import Trait, traits_of
from marketing_intake.domain.traits import TraitValue
from marketing_intake.reading.findings import Unreadable

DOMAIN: Final = "domain"
ROWS_MAX: Final = 300_000
Companies = Mapping[str, Mapping[str, TraitValue]]
"""What is known of each company, by its domain."""


def companies_of(body: bytes, fields: Mapping[Trait, str]) -> Companies:
    """The companies of a file; `fields` names the column of each trait. Raises `Unreadable`.

    The first row of a domain counts. Companies of which the same is known share it in memory.
    """
    rows = csv.DictReader(io.StringIO(_text(body), newline=""), strict=True)
    found: dict[str, Mapping[str, TraitValue]] = {}
    shared: dict[tuple[tuple[str, TraitValue], ...], Mapping[str, TraitValue]] = {}
    try:
        if DOMAIN not in (rows.fieldnames or ()):
            raise Unreadable(f"the file must have a column {DOMAIN}", DOMAIN)
        for row in rows:
            domain = (row[DOMAIN] or "").strip().lower().removeprefix("www.")
            if domain:
                given = {trait: row.get(column) for trait, column in fields.items()}
                traits = traits_of(given)
                found.setdefault(domain, shared.setdefault(tuple(traits.items()), traits))
            if len(found) > ROWS_MAX:
                raise Unreadable(f"the file may have {ROWS_MAX} companies")
    except csv.Error:
        raise Unreadable(f"line {rows.line_num} of the file must be CSV") from None
    return found


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("the file must be UTF-8") from None
