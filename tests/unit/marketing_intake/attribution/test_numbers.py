"""Credits added up: by source, channel and campaign, in decimals and per currency."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from baton.contracts.vocabulary import Channel, ClosureReason
from marketing_intake.domain import numbers
from marketing_intake.domain.attribution import Conversion, Credit, Model, Reached, Touch, credited
from marketing_intake.domain.numbers import By, Ledger
from support.facts import NOON

SOURCES = st.sampled_from(["shop", "fair", "list"])
WINS = st.tuples(
    st.decimals(min_value=0, max_value=10**13, places=2), st.sampled_from(["EUR", "USD"])
)


def a_touch(name: str, source: str, campaign: str | None = None) -> Touch:
    """A touch at noon."""
    return Touch(name, NOON, source, Channel.EVENT, campaign)


def a_conversion(reached: Reached, amount: str | None = None, **changes: object) -> Conversion:
    """Something that was reached an hour after noon."""
    reason: ClosureReason | None = changes.get("reason")  # type: ignore[assignment]  # named so
    value = None if amount is None else Decimal(amount)
    currency = None if amount is None else "EUR"
    at = NOON + timedelta(hours=1)
    return Conversion("one", reached, at, frozenset(), value, currency, reason)


def test_lines_are_of_what_is_asked_for() -> None:
    touch = a_touch("a", "fair", "spring")
    win = a_conversion(Reached.WON, "12.50")

    found = {}
    for by in By:
        ledger = Ledger(by)
        ledger.add(credited([win], [touch], Model.LINEAR))
        found[by] = {key: line.amounts for key, line in ledger.lines.items()}

    amounts = {"EUR": Decimal("12.50")}
    assert found == {
        By.SOURCE: {"fair": amounts},
        By.CHANNEL: {"event": amounts},
        By.CAMPAIGN: {"spring": amounts},
    }


def test_what_has_no_campaign_has_a_line_of_its_own() -> None:
    ledger = Ledger(By.CAMPAIGN)

    ledger.add(credited([a_conversion(Reached.LEAD)], [a_touch("a", "shop")], Model.LINEAR))
    ledger.add(credited([a_conversion(Reached.LEAD)], [], Model.LINEAR))

    assert ledger.lines[None].count(Reached.LEAD) == 2


def test_reasons_are_counted_for_what_was_not_sold() -> None:
    touches = [a_touch("a", "shop"), a_touch("b", "fair")]
    lost = a_conversion(Reached.LOST, reason=ClosureReason.PRICE)
    silent = a_conversion(Reached.DISQUALIFIED)
    ledger = Ledger(By.SOURCE)

    ledger.add(credited([lost, silent], touches, Model.LINEAR))

    assert ledger.lines["shop"].blames == {
        (Reached.LOST, ClosureReason.PRICE): Decimal("0.500000"),
        (Reached.DISQUALIFIED, None): Decimal("0.500000"),
    }
    assert ledger.total().amounts == {}


@given(st.lists(st.tuples(WINS, st.lists(SOURCES, min_size=1, max_size=5)), max_size=10))
def test_every_model_sums_to_exactly_the_amounts_that_were_won(
    deals: list[tuple[tuple[Decimal, str], list[str]]],
) -> None:
    won: dict[str, Decimal] = {}
    for (amount, currency), _ in deals:
        won[currency] = won.get(currency, Decimal(0)) + amount

    for model in Model:
        ledger = Ledger(By.SOURCE)
        for (amount, currency), sources in deals:
            win = Conversion("d", Reached.WON, NOON, frozenset(), amount, currency)
            way = [a_touch(str(n), source) for n, source in enumerate(sources)]
            ledger.add(credited([win], way, model))
        assert ledger.total().amounts == won
        assert ledger.total().count(Reached.WON) == len(deals)


def test_sums_beyond_what_the_default_context_holds_are_exact() -> None:
    ledger = Ledger(By.SOURCE)
    big, small = "99999999999999.9999", "0.0001"

    for amount in [big] * 3 + [small]:
        win = a_conversion(Reached.WON, amount)
        ledger.add([Credit(a_touch("a", "shop"), win, Decimal(1), win.amount)])

    assert ledger.total().amounts == {"EUR": Decimal("299999999999999.9998")}


def test_margins_and_costs_keep_currencies_apart() -> None:
    amounts = {"EUR": Decimal(100), "USD": Decimal(5)}
    costs = {"EUR": Decimal("30.50"), "CHF": Decimal(7)}

    left = numbers.margin(amounts, costs)

    assert left == {"EUR": Decimal("69.50"), "USD": Decimal(5), "CHF": Decimal(-7)}
    assert numbers.per_one(costs, Decimal(3)) == {
        "EUR": Decimal("10.1667"),
        "CHF": Decimal("2.3333"),
    }
    assert numbers.per_one(costs, Decimal(0)) is None


def test_amounts_are_shown_with_the_digits_that_their_currency_has() -> None:
    money = {"EUR": Decimal("10.0000"), "JPY": Decimal("7.0000"), "USD": Decimal("0.1250")}

    shown = {currency: str(amount) for currency, amount in numbers.in_units(money).items()}

    assert shown == {"EUR": "10.00", "JPY": "7", "USD": "0.125"}
