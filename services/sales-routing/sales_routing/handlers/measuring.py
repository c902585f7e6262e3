"""Setting the gauges that rows alone can tell."""

from baton.contracts.vocabulary import UnassignedReason
from baton.transaction import Transaction
from sales_routing import metrics
from sales_routing.domain.prospect import ProspectState
from sales_routing.queries.numbers import numbers


async def measure(tx: Transaction) -> int:
    """Read how things stand and show it."""
    now = await numbers(tx, tx.now)
    for state in ProspectState:
        metrics.PROSPECTS.labels(state.value).set(now.prospects.get(state, 0))
    for reason in UnassignedReason:
        metrics.UNASSIGNED.labels(reason.value).set(now.unassigned.get(reason, 0))
    metrics.OPEN_OFFERS.set(now.open_offers)
    metrics.OLDEST_UNASSIGNED.set(now.oldest_unassigned_seconds)
    metrics.STANDSTILLS.set(now.standstills)
    metrics.DEADLINES_SHIFTED.set(now.shifted_deadlines)
    return 0
