"""The catalogue: the names of sources, for the pages."""

from collections.abc import Sequence

from baton.contracts.envelope import Event, Tombstone
from baton.contracts.fact import Fact
from baton.contracts.marketing import SourceDescribed
from baton.transaction import Transaction
from lead_scoring.repository.sources import save_sources


async def hear_catalogue(events: Sequence[Event[Fact] | Tombstone], tx: Transaction) -> None:
    """Keep the latest name of each source."""
    names = {
        event.data.source_id: event.data.name
        for event in events
        if isinstance(event, Event) and isinstance(event.data, SourceDescribed)
    }
    await save_sources(tx, names)
