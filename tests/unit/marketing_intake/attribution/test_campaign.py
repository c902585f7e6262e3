"""The catalogue: channels, periods, who is reached, and files of costs."""

from datetime import date
from decimal import Decimal

import pytest

from baton.contracts.vocabulary import Channel
from baton.errors import Refused
from marketing_intake.domain.campaign import period_fault, reached
from marketing_intake.domain.channels import CATALOGUE
from marketing_intake.reading.cost_file import ROWS_MAX, read_costs

HEAD = "spent_on,amount,currency,note\n"


def test_every_channel_is_in_the_catalogue_once() -> None:
    assert sorted(entry.channel for entry in CATALOGUE) == sorted(Channel)


def test_a_stated_audience_counts_before_who_was_seen() -> None:
    assert reached(1000, 5, 2) == 1000
    assert reached(None, 5, 2) == 5
    assert reached(None, 0, 2) is None


def test_who_answers_was_reached() -> None:
    assert reached(1, 0, 2) == 2
    assert reached(None, 1, 2) == 2


def test_a_period_does_not_end_before_it_begins() -> None:
    assert period_fault(date(2026, 5, 2), date(2026, 5, 1)) is not None
    assert period_fault(date(2026, 5, 1), date(2026, 5, 1)) is None
    assert period_fault(None, date(2026, 5, 1)) is None


def test_a_file_of_costs_is_read_row_by_row() -> None:
    body = f'\ufeff{HEAD}2026-05-01,12.50,EUR,"stand, with\nchairs"\n2026-05-02,-2.5,USD,\n'

    first, second = read_costs(body.encode())

    assert (first.spent_on, first.amount, first.currency) == (
        date(2026, 5, 1),
        Decimal("12.50"),
        "EUR",
    )
    assert (first.note, second.note) == ("stand, with\nchairs", None)
    assert second.amount == Decimal("-2.5")


def test_spreadsheets_may_divide_by_semicolons() -> None:
    (entry,) = read_costs(b"reference;spent_on;currency;amount\r\nR7;2026-05-01;EUR;3\r\n")

    assert (entry.reference, entry.amount) == ("R7", Decimal(3))


def test_the_same_file_twice_says_the_same_and_equal_rows_stay_apart() -> None:
    body = f"{HEAD}2026-05-01,5,EUR,\n2026-05-01,5,EUR,\n".encode()

    entries = read_costs(body)

    assert read_costs(body) == entries
    assert len({entry.reference for entry in entries}) == 2


@pytest.mark.parametrize(
    ("body", "field", "detail"),
    [
        (b"\xff\xfe", "body", "UTF-8"),
        (b"", "spent_on", "spent_on"),
        (b"spent_on,amount\n", "currency", "currency"),
        (b"spent_on,amount,currency,price\n", "body", "columns are"),
        (f"{HEAD}1 May,5,EUR,\n".encode(), "spent_on", "row 1"),
        (f"{HEAD}2026-02-30,5,EUR,\n".encode(), "spent_on", "exists"),
        (f'{HEAD}2026-05-01,"5,00",EUR,\n'.encode(), "amount", "row 1"),
        (f"{HEAD}2026-05-01,1e9,EUR,\n".encode(), "amount", "row 1"),
        (f"{HEAD}2026-05-01,NaN,EUR,\n".encode(), "amount", "row 1"),
        (f"{HEAD}2026-05-01,5,euro,\n".encode(), "currency", "row 1"),
        (f"{HEAD}2026-05-01,5,EUR,,too,many\n".encode(), "body", "more cells"),
        (f"{HEAD}2026-05-01,5,EUR,a\0b\n".encode(), "note", "NUL"),
        (f'{HEAD}2026-05-01,5,EUR,"never ends\n'.encode(), "body", "CSV"),
        (HEAD.encode() + b"2026-05-01,5,EUR,\n" * (ROWS_MAX + 1), "body",
         "rows"),
    ],
    ids=range(14),
)  # fmt: skip
def test_a_bad_file_is_refused_with_the_row_and_why(body: bytes, field: str, detail: str) -> None:
    with pytest.raises(Refused) as refused:
        read_costs(body)

    assert refused.value.field == field
    assert detail in str(refused.value)
