"""Requests in batches: each is judged by itself, and a bad one does not hold up the others."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from baton.errors import Conflict, NotFound, Refused
from sales_routing.domain.impossible import Impossible
from sales_routing.domain.prospect import Prospect
from sales_routing.handlers.desk import Desk

R = TypeVar("R")
A = TypeVar("A")


def judge_each(requests: Sequence[R], act: Callable[[R], A]) -> list[A | Refused]:
    """What each request leads to, in order: an answer, or the reason why it can't be done.

    `act` must raise before it changes anything.
    """
    return [_judged(request, act) for request in requests]


def found(desk: Desk, prospect_id: str) -> Prospect:
    """The prospect as this transaction has it by now. Raises `NotFound`."""
    prospect = desk.prospects.get(prospect_id)
    if prospect is None:
        raise NotFound(f"there is no prospect {prospect_id}", field="prospect_id")
    return prospect


def _judged(request: R, act: Callable[[R], A]) -> A | Refused:
    try:
        return act(request)
    except Impossible as error:
        return Conflict(error.message, kind=error.kind)
    except Refused as refusal:
        return refusal
