"""Handing out what a service keeps of a person: its rows, part by part, as one JSON document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, Field

from baton.database import Reader

ROWS_MAX: Final = 10_000
"""So many rows of each part are handed out; a part that has more is named in the document."""
PEOPLE: Final = "people"


@dataclass(frozen=True, slots=True)
class Part:
    """A statement that takes an array of UUIDs and a limit; `by` says whose ids these are."""

    name: str
    sql: str
    by: str = PEOPLE


class PersonExported(BaseModel):
    """All that a service keeps of a person, under all the ids that are one with theirs."""

    person_id: str
    person_ids: list[str]
    exported_at: datetime
    parts: dict[str, list[dict[str, Any]]]
    truncated: list[str] = Field(description="parts that have more rows than are here")


@dataclass(frozen=True, slots=True)
class Exported:
    """The rows of each part, and which parts have more than are here."""

    parts: dict[str, list[dict[str, Any]]]
    truncated: list[str]

    def is_empty(self) -> bool:
        """Whether nothing was found at all."""
        return not any(self.parts.values())


async def load(reader: Reader, parts: Sequence[Part], ids: Mapping[str, Sequence[str]]) -> Exported:
    """Everything that is kept under these ids, with values as JSON can have them."""
    exported = Exported({}, [])
    for part in parts:
        rows = await reader.fetch(part.sql, list(ids[part.by]), ROWS_MAX + 1)
        exported.parts[part.name] = [_readable(dict(row)) for row in rows[:ROWS_MAX]]
        if len(rows) > ROWS_MAX:
            exported.truncated.append(part.name)
    return exported


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """Bodies as text, hashes as hexadecimal digits."""
    return {name: _text(name, one) if isinstance(one, bytes) else one for name, one in row.items()}


def _text(name: str, value: bytes) -> str:
    return value.decode(errors="replace") if name == "body" else value.hex()
