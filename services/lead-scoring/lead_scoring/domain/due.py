"""What is due by time alone: when somebody's band or side of the line changes, or a nurtured lead
is to be looked at again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lead_scoring.domain.crossing import moves, moves_with_time, next_crossing
from lead_scoring.domain.facts import History
from lead_scoring.domain.leads import OpenLead, to_look_at_again
from lead_scoring.domain.policy import CountRule, Policy


@dataclass(frozen=True, slots=True)
class Due:
    """Up to when it has been said what time did to a person, and when it does something next."""

    as_of: datetime
    due_at: datetime | None


def watches_time(policy: Policy) -> bool:
    """Whether anything can ever be due under a policy."""
    lines = (policy.line, *(segment.line for segment in policy.segments))
    return moves_with_time(policy) or any(line.again_after is not None for line in lines)


def watches_leads(policy: Policy) -> bool:
    """Whether anything can ever be due for somebody who has done nothing but sent a lead."""
    of_leads = (rule for rule in policy.rules if isinstance(rule, CountRule) and not rule.kinds)
    lines = (policy.line, *(segment.line for segment in policy.segments))
    return any(line.again_after is not None for line in lines) or any(
        moves(rule, policy) for rule in of_leads
    )


def due_of(
    history: History, leads: Iterable[OpenLead], policy: Policy, moment: datetime
) -> Due | None:
    """What is due for a person after a moment; None for somebody whom time can't move."""
    crossing = next_crossing(history, policy, moment)
    waiting = to_look_at_again(leads)
    again_at = None if waiting is None else waiting.again_at
    # What was missed while nobody looked is due at once.
    moments = [one for one in (crossing, again_at and max(again_at, moment)) if one is not None]
    return Due(moment, min(moments)) if moments else None
