"""The bus door: what intake hears of its leads' way, and who takes it."""

from collections.abc import Sequence
from typing import Final

from baton.contracts.topics import HANDOFFS, PROSPECTS, REPS
from baton.messaging.erasures import erased_people
from baton.messaging.subscription import Heard, Subscription
from baton.transaction import Transaction
from marketing_intake.handlers.erasure import erase_again
from marketing_intake.handlers.hearing import hear_reps, hear_sales, hear_scoring

SUBSCRIPTIONS: Final = (
    Subscription(REPS, hear_reps),
    Subscription(PROSPECTS, hear_scoring),
    Subscription(HANDOFFS, hear_sales),
)


async def hear_again(events: Sequence[Heard], tx: Transaction) -> None:
    """Intake hears its own erasures when its database came back from a backup, and only then."""
    await erase_again(erased_people(events), tx)
