"""The sources that doors have just seen, remembered for seconds so that closing one works."""

from datetime import datetime, timedelta
from typing import Final

from baton.transactions import Transactions
from marketing_intake.domain.source import Source
from marketing_intake.repository import catalogue

REMEMBERED_FOR: Final = timedelta(seconds=5)
ENTRIES_MAX: Final = 10_000


class KnownSources:
    """Finds a source by its id."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._entries: dict[str, tuple[datetime, Source | None]] = {}

    def remembered(self, name: str) -> Source | None:
        """The source, when it was looked up a moment ago."""
        entry = self._entries.get(name)
        if entry is None or entry[0] < self._transactions.clock.now():
            return None
        return entry[1]

    async def by_id(self, source_id: str) -> Source | None:
        """The source of this id."""
        return self.remembered(source_id) or await self._look_up(source_id)

    async def _look_up(self, name: str) -> Source | None:
        async with self._transactions.read() as reader:
            source = await catalogue.find_source(reader, name)
        if len(self._entries) >= ENTRIES_MAX:
            self._entries.clear()
        self._entries[name] = (self._transactions.clock.now() + REMEMBERED_FOR, source)
        return source
