"""The span of a report, and the day from which it looks back."""

from datetime import UTC, date, datetime, timedelta

from marketing_intake.domain.period import Period
from support.facts import NOON

MIDNIGHT = datetime(2026, 5, 5, tzinfo=UTC)


def test_a_period_begins_with_its_first_moment_and_ends_before_its_last() -> None:
    period = Period(NOON, MIDNIGHT)

    assert period.holds(NOON)
    assert not period.holds(NOON - timedelta(microseconds=1))
    assert not period.holds(MIDNIGHT)


def test_a_report_as_of_a_day_knows_the_whole_day_and_nothing_after() -> None:
    period = Period(as_of=date(2026, 5, 4))

    assert period.end == period.known_until == MIDNIGHT
    assert period.holds(MIDNIGHT - timedelta(microseconds=1))
    assert not period.holds(MIDNIGHT)


def test_the_earlier_end_counts() -> None:
    assert Period(until=NOON, as_of=date(2026, 5, 4)).end == NOON
    assert Period(until=NOON, as_of=date(2026, 5, 3)).end == datetime(2026, 5, 4, tzinfo=UTC)
    assert Period().end is None
