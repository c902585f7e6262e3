"""Taking a pursuit back: the offer ends, nobody holds it any more, and everybody is told."""

from baton.contracts.vocabulary import UnassignedReason
from sales_routing.domain.answers import withdrawn
from sales_routing.domain.prospect import Prospect
from sales_routing.handlers import facts
from sales_routing.handlers.desk import Cause, Desk


def withdraw(desk: Desk, prospect: Prospect, cause: Cause) -> None:
    """End a pursuit that is open; one that has ended stays as it ended."""
    after = withdrawn(prospect)
    if after is not prospect:
        desk.put(after)
        say_withdrawn(desk, after, cause)


def say_withdrawn(desk: Desk, prospect: Prospect, cause: Cause) -> None:
    """Say that nobody will hold it again."""
    reason = UnassignedReason.WITHDRAWN
    desk.say(facts.unassigned(prospect, reason, None), cause, reason=reason)
