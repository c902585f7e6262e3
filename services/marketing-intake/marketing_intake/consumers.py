"""The bus door: what intake hears of its leads' way, and who takes it."""

from typing import Final

from baton.contracts.topics import HANDOFFS, PROSPECTS, REPS
from baton.messaging.subscription import Subscription
from marketing_intake.handlers.hearing import hear_reps, hear_sales, hear_scoring

SUBSCRIPTIONS: Final = (
    Subscription(REPS, hear_reps),
    Subscription(PROSPECTS, hear_scoring),
    Subscription(HANDOFFS, hear_sales),
)
