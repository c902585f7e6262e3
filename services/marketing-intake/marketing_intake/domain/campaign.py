"""A campaign: when it runs, whom it is meant for, what it asks people to do, and what it costs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from baton.contracts.vocabulary import Channel
from marketing_intake.domain.target import Condition


@dataclass(frozen=True, slots=True)
class CallToAction:
    """What a campaign asks people to do. Its id is known throughout the catalogue.

    `audience` is how many people it was put before, where nothing counts them: a print run, say.
    """

    id: str
    title: str
    audience: int | None = None


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign of the catalogue, as it is now. Both ends of its period belong to it.

    `owner` is whoever answers for it: a desk, a team, a sign-in name. It is not told to others.
    """

    id: str
    name: str
    starts_on: date | None = None
    ends_on: date | None = None
    owner: str | None = None
    target: tuple[Condition, ...] = ()
    calls_to_action: tuple[CallToAction, ...] = ()


@dataclass(frozen=True, slots=True)
class CostEntry:
    """What was spent for a campaign on one day. An entry never changes: another corrects it.

    With a channel it counts among that channel's costs; without one, among nobody's.

    `reference` names the entry within its campaign: what comes twice with the same is kept once.
    """

    reference: str
    spent_on: date
    amount: Decimal
    currency: str
    channel: Channel | None = None
    note: str | None = None


def reached(audience: int | None, seen: int, answered: int) -> int | None:
    """How many people a call to action was put before; None when nothing is known of it.

    A stated audience counts before people who were seen to meet it; and who answers was reached.
    """
    if audience is not None:
        return max(audience, answered)
    return max(seen, answered) if seen else None


def period_fault(starts_on: date | None, ends_on: date | None) -> str | None:
    """What is wrong with a period, None when nothing is."""
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        return "must not lie before starts_on"
    return None


def with_calls(
    old: tuple[CallToAction, ...], new: Iterable[CallToAction]
) -> tuple[CallToAction, ...]:
    """The calls after some were added or changed; none is ever taken away."""
    calls = {call.id: call for call in (*old, *new)}
    return tuple(calls.values())
