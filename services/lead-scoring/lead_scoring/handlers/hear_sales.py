"""What sales says: how pursuits ended, kept for what will learn from it."""

from collections import Counter
from collections.abc import Sequence

from baton.contracts.envelope import Event, Tombstone
from baton.contracts.fact import Fact
from baton.contracts.sales import DealClosed
from baton.transaction import Transaction
from lead_scoring import metrics
from lead_scoring.repository import outcomes


async def hear_sales(events: Sequence[Event[Fact] | Tombstone], tx: Transaction) -> None:
    """Keep outcomes by deal and version; the same one twice, or an older one late, is harmless."""
    closures = [
        (event.id, event.data)
        for event in events
        if isinstance(event, Event) and isinstance(event.data, DealClosed)
    ]
    # An outcome decides whether a later refusal takes the lead back, so both wait for each other.
    await tx.lock_people(data.person_id for _, data in closures)
    await outcomes.save(tx, closures)
    tx.after_commit(lambda _at: _count([data for _, data in closures]))


def _count(closures: Sequence[DealClosed]) -> None:
    for outcome, count in Counter(data.outcome.value for data in closures).items():
        metrics.OUTCOMES.labels(outcome).inc(count)
