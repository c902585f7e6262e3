"""What happens because time passed: offers expire, what waits is tried, clocks are moved."""

from collections.abc import Sequence

from baton.transaction import Origin, Transaction
from sales_routing.domain.answers import expired, is_overdue
from sales_routing.domain.heartbeat import standstill, time_that_counts
from sales_routing.domain.offering import Clocks
from sales_routing.domain.prospect import Offered, OfferState
from sales_routing.handlers import facts
from sales_routing.handlers.assign import assign
from sales_routing.handlers.desk import open_for_prospects
from sales_routing.repository import waiting


async def expire_offers(tx: Transaction, *, clocks: Clocks, limit: int) -> int:
    """Take prospects from those who were silent too long and offer them to the next.

    After a silence of the service itself nothing expires until the beat has moved the deadlines.
    """
    now = time_that_counts(await waiting.last_beat_held(tx), tx.now)
    candidates = await waiting.overdue(tx, now, limit)
    if not candidates:
        return 0
    desk = await open_for_prospects(tx, "timer:expire_offers", candidates)
    cause = Origin.fresh()
    silent = [desk.prospects[one] for one in candidates if is_overdue(desk.prospects[one], now)]
    for prospect in silent:
        assert isinstance(prospect.place, Offered)
        offer = prospect.place.offer
        desk.answered(offer, OfferState.EXPIRED)
        after = expired(prospect, tx.now)
        desk.put(after)
        desk.say(facts.expired(after, offer), cause, rep_id=offer.rep_id, offer_id=offer.id)
    await assign(desk, [(prospect.id, cause) for prospect in silent], clocks)
    await desk.save()
    return len(silent)


async def offer_waiting(tx: Transaction, *, clocks: Clocks, limit: int) -> int:
    """Try what waits: where room has come, oldest first, then where a clock has run out."""
    candidates = await waiting.with_room(tx, limit)
    candidates += await waiting.due(tx, tx.now, limit - len(candidates))
    return await _try(tx, candidates, clocks) if candidates else 0


async def _try(tx: Transaction, candidates: Sequence[str], clocks: Clocks) -> int:
    desk = await open_for_prospects(tx, "timer:offer_waiting", candidates)
    cause = Origin.fresh()
    offered = await assign(desk, [(one, cause) for one in dict.fromkeys(candidates)], clocks)
    await desk.save()
    return offered


async def beat(tx: Transaction) -> int:
    """Show that the service can answer; after a standstill move every clock by its length, once."""
    gap = standstill(await waiting.last_beat_taken(tx), tx.now)
    if gap is None:
        await waiting.keep_beat(tx)
    else:
        await waiting.keep_beat(tx, standstills=1, shifted=await waiting.shift(tx, gap))
    return 0
