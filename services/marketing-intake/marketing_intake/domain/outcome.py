"""What sales has said of a pursuit's end, and which of its words stands on a given day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from baton.contracts.vocabulary import ClosureReason, Outcome
from marketing_intake.domain.attribution import Conversion, Reached


@dataclass(frozen=True, slots=True)
class Closing:
    """One version of how a prospect's deal ended. `recorded_at` is when sales said it."""

    prospect_id: str
    deal_id: str
    version: int
    outcome: Outcome
    reason: ClosureReason | None
    amount: Decimal | None
    currency: str | None
    closed_at: datetime
    recorded_at: datetime
    lead_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A rep took a prospect; after a change of hands another may take it again."""

    prospect_id: str
    happened_at: datetime
    lead_ids: frozenset[str]


def reached_with(
    acceptances: Iterable[Acceptance], closings: Iterable[Closing], as_of: datetime | None
) -> list[Conversion]:
    """What was reached with prospects before `as_of` (None: until now).

    A prospect is accepted once, when the first rep takes it. One that is won and was taken by
    nobody that we know of was accepted when it was won: nobody sells what they have not taken.
    """
    ends = standing(closings, as_of)
    first: dict[str, Acceptance] = {}
    for one in sorted(acceptances, key=lambda acceptance: acceptance.happened_at):
        if as_of is None or one.happened_at < as_of:
            first.setdefault(one.prospect_id, one)
    for end in sorted(ends, key=lambda closing: closing.closed_at):
        if end.outcome is Outcome.WON:
            won = Acceptance(end.prospect_id, end.closed_at, end.lead_ids)
            first.setdefault(end.prospect_id, won)
    accepted = [
        Conversion(one.prospect_id, Reached.ACCEPTED, one.happened_at, one.lead_ids)
        for one in first.values()
    ]
    return accepted + [conversion_of(end) for end in ends]


def standing(closings: Iterable[Closing], as_of: datetime | None) -> list[Closing]:
    """The word that stands for each deal before `as_of` (None: now).

    It is the highest version that was recorded by then. What a deal's first version said counts
    from when it happened, though, so that history that is told late is still history.
    """
    found: dict[tuple[str, str], list[Closing]] = {}
    for closing in closings:
        found.setdefault((closing.prospect_id, closing.deal_id), []).append(closing)
    latest = [_latest(versions, as_of) for versions in found.values()]
    return [one for one in latest if as_of is None or one.closed_at < as_of]


def conversion_of(closing: Closing) -> Conversion:
    """The closing as something that is credited. Only a win has an amount."""
    is_won = closing.outcome is Outcome.WON
    return Conversion(
        id=closing.prospect_id,
        reached=Reached(closing.outcome.value),
        happened_at=closing.closed_at,
        lead_ids=closing.lead_ids,
        amount=closing.amount if is_won else None,
        currency=closing.currency if is_won else None,
        reason=closing.reason,
    )


def _latest(versions: list[Closing], as_of: datetime | None) -> Closing:
    first, *corrections = sorted(versions, key=lambda one: one.version)
    said = [one for one in corrections if as_of is None or one.recorded_at < as_of]
    return said[-1] if said else first
