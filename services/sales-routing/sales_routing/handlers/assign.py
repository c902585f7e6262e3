"""Giving waiting prospects to reps: one board for all, decided one after another."""

from collections.abc import Iterable
from datetime import datetime

from baton.ids import derived_id
from sales_routing import metrics
from sales_routing.domain.board import Placed, Unplaced
from sales_routing.domain.offering import Clocks, is_ready, offer_of, waiting_on
from sales_routing.domain.prospect import Offered, Prospect, moved
from sales_routing.handlers import facts
from sales_routing.handlers.desk import Cause, Desk
from sales_routing.repository import boards
from sales_routing.repository.boards import Logged


async def assign(desk: Desk, asked: Iterable[tuple[str, Cause]], clocks: Clocks) -> int:
    """Offer what waits and may be offered now, in this order; returns how many were offered.

    `asked` are ids of prospects, each with the cause of its offer. Call it last: pools and reps
    are locked after people.
    """
    ready = _ready(desk, asked)
    if not ready:
        return 0
    profiles = (prospect.profile for prospect, _ in ready)
    board = await boards.load_board(desk.tx, profiles, desk.held())
    log: list[Logged] = []
    for prospect, cause in ready:
        match board.place(prospect.profile, prospect.tried):
            case Placed() as placed:
                log.append(Logged(placed, prospect.id))
                _offer(desk, prospect, cause, placed=placed, clocks=clocks)
            case Unplaced() as unplaced:
                _wait(desk, prospect, cause, unplaced=unplaced, clocks=clocks)
    await boards.save_board(desk.tx, board, log)
    _time_first_offers(desk, [prospect for prospect, _ in ready])
    return len(log)


def _ready(desk: Desk, asked: Iterable[tuple[str, Cause]]) -> list[tuple[Prospect, Cause]]:
    of_id = ((desk.prospects[prospect_id], cause) for prospect_id, cause in asked)
    return [
        (prospect, cause)
        for prospect, cause in of_id
        if is_ready(prospect, desk.person(prospect.person_id), desk.tx.now)
    ]


def _offer(desk: Desk, prospect: Prospect, cause: Cause, *, placed: Placed, clocks: Clocks) -> None:
    offer_id = derived_id(placed.decision.pool_id, "offer", placed.decision.number)
    offer = offer_of(prospect, placed, offer_id, now=desk.tx.now, clocks=clocks)
    offered = moved(prospect, Offered(offer))
    desk.put(offered)
    desk.offered(offer)
    fact = facts.offered(offered, offer)
    desk.say(fact, cause, rep_id=offer.rep_id, offer_id=offer.id, deadline=offer.deadline)


def _wait(
    desk: Desk, prospect: Prospect, cause: Cause, *, unplaced: Unplaced, clocks: Clocks
) -> None:
    retry_at = clocks.retry_at(desk.tx.now)
    waiting, is_news = waiting_on(prospect, unplaced, retry_at)
    desk.put(waiting)
    if is_news:
        fact = facts.unassigned(waiting, unplaced.reason, retry_at)
        desk.say(fact, cause, reason=unplaced.reason)


def _time_first_offers(desk: Desk, prospects: Iterable[Prospect]) -> None:
    received = [
        prospect.received_at
        for prospect in prospects
        if not prospect.tried and isinstance(desk.prospects[prospect.id].place, Offered)
    ]

    def observe(committed_at: datetime) -> None:
        for received_at in received:
            metrics.FORM_TO_OFFER.observe((committed_at - received_at).total_seconds())

    desk.tx.after_commit(observe)
