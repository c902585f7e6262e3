"""Why and when people are looked at."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from baton.transaction import Cause

ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
"""Evidence that may undo any decision, whenever it was made."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why and when people are looked at.

    Decisions made at `undoes_from` or later are judged again; None: only whether contact is
    refused by now. `is_due`: a nurtured lead's date has come.
    """

    cause: Cause
    happened_at: datetime
    undoes_from: datetime | None = None
    is_due: bool = False
