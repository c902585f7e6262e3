"""Which of sales' words about a deal stands, now and on a day that is past."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from baton.contracts.vocabulary import ClosureReason, Outcome
from marketing_intake.domain.attribution import Reached
from marketing_intake.domain.outcome import (
    Acceptance,
    Closing,
    conversion_of,
    reached_with,
    standing,
)
from support.facts import NOON

DAY = timedelta(days=1)
WON = Closing(
    prospect_id="prospect", deal_id="deal", version=1, outcome=Outcome.WON, reason=None,
    amount=Decimal("10.00"), currency="EUR", closed_at=NOON, recorded_at=NOON,
    lead_ids=frozenset({"lead"}),
)  # fmt: skip
LOST_AFTER_ALL = replace(
    WON, version=2, outcome=Outcome.LOST, reason=ClosureReason.PRICE, recorded_at=NOON + 10 * DAY
)


def versions(as_of: datetime | None, *closings: Closing) -> list[int]:
    """The versions that stand."""
    return [one.version for one in standing(closings, as_of)]


def test_the_highest_version_stands_now_in_whatever_order_it_was_heard() -> None:
    assert versions(None, WON, LOST_AFTER_ALL) == [2]
    assert versions(None, LOST_AFTER_ALL, WON) == [2]


def test_a_correction_counts_from_when_it_was_said() -> None:
    assert versions(NOON + 10 * DAY, WON, LOST_AFTER_ALL) == [1]
    assert versions(NOON + 11 * DAY, WON, LOST_AFTER_ALL) == [2]


def test_what_was_closed_later_had_not_happened_then() -> None:
    assert versions(NOON, WON) == []


def test_history_that_is_told_late_is_still_history() -> None:
    told_late = replace(WON, recorded_at=NOON + 400 * DAY)

    assert versions(NOON + DAY, told_late) == [1]


def test_each_deal_has_a_word_of_its_own() -> None:
    assert versions(None, WON, replace(WON, deal_id="other"), LOST_AFTER_ALL) == [2, 1]


def test_only_a_win_has_an_amount() -> None:
    won, lost = conversion_of(WON), conversion_of(LOST_AFTER_ALL)

    assert (won.reached, won.amount, won.currency) == (Reached.WON, Decimal("10.00"), "EUR")
    assert (lost.reached, lost.amount, lost.reason) == (Reached.LOST, None, ClosureReason.PRICE)


def reached(
    *acceptances: Acceptance, closings: tuple[Closing, ...] = ()
) -> list[tuple[str, datetime]]:
    """What was reached, and when."""
    found = reached_with(acceptances, closings, None)
    return [(conversion.reached.value, conversion.happened_at) for conversion in found]


def test_a_prospect_is_accepted_once_by_the_first_who_takes_it() -> None:
    first = Acceptance("prospect", NOON - DAY, frozenset({"lead"}))
    again = replace(first, happened_at=NOON)

    assert reached(again, first) == [("accepted", NOON - DAY)]


def test_what_is_won_was_accepted() -> None:
    taken = Acceptance("prospect", NOON - DAY, frozenset({"lead"}))

    assert reached(closings=(WON,)) == [("accepted", NOON), ("won", NOON)]
    assert reached(taken, closings=(WON,)) == [("accepted", NOON - DAY), ("won", NOON)]


def test_what_is_lost_need_not_have_been_accepted() -> None:
    assert reached(closings=(LOST_AFTER_ALL,)) == [("lost", NOON)]


def test_an_acceptance_to_come_is_not_known_yet() -> None:
    taken = Acceptance("prospect", NOON, frozenset({"lead"}))

    assert reached_with([taken], [], NOON) == []
