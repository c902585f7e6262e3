"""The clock door: what happens because time passed, and how often it is looked for."""

from functools import partial
from typing import Final

from baton.timers import Timer
from sales_routing.domain.heartbeat import BEAT_SECONDS
from sales_routing.domain.offering import Clocks
from sales_routing.handlers.clocks import beat, expire_offers, offer_waiting
from sales_routing.handlers.measuring import measure

EXPIRE_SECONDS: Final = 0.5
"""A deadline is kept to the second: it is refused at once and noticed within this."""
OFFER_SECONDS: Final = 0.5
MEASURE_SECONDS: Final = 5.0


def timers(clocks: Clocks, limit: int) -> tuple[Timer, ...]:
    """What this service does by itself; `limit` is how many prospects one run takes."""
    expire = partial(expire_offers, clocks=clocks, limit=limit)
    offer = partial(offer_waiting, clocks=clocks, limit=limit)
    return (
        Timer("beat", BEAT_SECONDS, beat),
        Timer("expire_offers", EXPIRE_SECONDS, expire, limit),
        Timer("offer_waiting", OFFER_SECONDS, offer, limit),
        Timer("measure", MEASURE_SECONDS, measure),
    )
