"""Credit for what was reached: every model shares the same touches, to the last unit."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.contracts.vocabulary import Channel
from marketing_intake.domain.attribution import (
    HALF_LIFE,
    TOUCHES_MAX,
    Conversion,
    Model,
    Reached,
    Touch,
    credited,
)
from support.facts import NOON

HOURS = st.integers(min_value=0, max_value=24 * 400)
AMOUNTS = st.decimals(min_value=0, max_value=Decimal("99999999999999.9999"), places=4)
CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "KWD"])


def a_touch(name: str, hours_before: float, source: str = "shop") -> Touch:
    """A touch some hours before noon."""
    at = NOON - timedelta(hours=hours_before)
    return Touch(name, at, source, Channel.EMAIL, None)


def a_win(amount: str | Decimal = "100.00", currency: str = "EUR", **changes: object) -> Conversion:
    """A deal that was won at noon."""
    leads: frozenset[str] = changes.pop("lead_ids", frozenset())  # type: ignore[assignment]  # named so
    return Conversion("deal", Reached.WON, NOON, leads, Decimal(amount), currency)


def amounts(model: Model, *touches: Touch, win: Conversion | None = None) -> dict[str, str]:
    """What each touch gets of a win."""
    return {
        credit.touch.id: str(credit.amount)
        for credit in credited([win or a_win()], touches, model)
        if credit.touch is not None and credit.amount
    }


@st.composite
def touches(draw: st.DrawFn, *, at_least: int = 1) -> list[Touch]:
    """Touches up to a year before the win, some at the same moment."""
    hours = draw(st.lists(HOURS, min_size=at_least, max_size=12))
    return [a_touch(f"touch-{n:02}", hour) for n, hour in enumerate(hours)]


FOUR = [a_touch("a", 96), a_touch("b", 72), a_touch("c", 48), a_touch("d", 24)]


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (Model.FIRST_TOUCH, {"a": "100.00"}),
        (Model.LAST_TOUCH, {"d": "100.00"}),
        (Model.LINEAR, {"a": "25.00", "b": "25.00", "c": "25.00", "d": "25.00"}),
        (Model.POSITION_BASED, {"a": "40.00", "b": "10.00", "c": "10.00", "d": "40.00"}),
    ],
)
def test_four_touches_are_weighed_as_the_model_says(model: Model, expected: dict[str, str]) -> None:
    assert amounts(model, *FOUR) == expected


def test_a_touch_counts_half_of_one_that_came_a_half_life_later() -> None:
    half_life = HALF_LIFE / timedelta(hours=1)

    found = amounts(Model.TIME_DECAY, a_touch("a", 2 * half_life), a_touch("b", half_life),
                    a_touch("c", 0), win=a_win("70.00"))  # fmt: skip

    assert found == {"a": "10.00", "b": "20.00", "c": "40.00"}


def test_two_touches_have_half_each_by_position() -> None:
    assert amounts(Model.POSITION_BASED, *FOUR[:2]) == {"a": "50.00", "b": "50.00"}


def test_units_that_are_left_go_to_the_largest_remainder_then_to_the_earlier() -> None:
    found = amounts(Model.LINEAR, *FOUR[:3], win=a_win("0.05"))

    assert found == {"a": "0.02", "b": "0.02", "c": "0.01"}


def test_of_touches_at_one_moment_the_lower_id_is_the_earlier() -> None:
    tied = [a_touch("y", 5), a_touch("x", 5)]

    assert amounts(Model.FIRST_TOUCH, *tied) == {"x": "100.00"}
    assert amounts(Model.LINEAR, *tied, win=a_win("0.01")) == {"x": "0.01"}


def test_an_amount_finer_than_its_currency_is_shared_as_fine_as_it_is() -> None:
    assert amounts(Model.LINEAR, *FOUR[:3], win=a_win("1", "JPY")) == {"a": "1"}
    assert amounts(Model.LINEAR, *FOUR[:2], win=a_win("0.0001")) == {"a": "0.0001"}


def test_what_came_after_the_conversion_has_not_brought_it() -> None:
    assert amounts(Model.LAST_TOUCH, a_touch("a", 1), a_touch("late", -1)) == {"a": "100.00"}


def test_the_leads_that_a_deal_speaks_for_count_even_if_they_are_dated_later() -> None:
    win = a_win(lead_ids=frozenset({"late"}))

    found = amounts(Model.LINEAR, a_touch("late", -48), a_touch("other", -24), win=win)

    assert found == {"late": "100.00"}


def test_what_no_touch_brought_is_credited_to_nobody_and_still_counted() -> None:
    (credit,) = credited([a_win()], [], Model.LINEAR)

    assert (credit.touch, credit.share, credit.amount) == (None, Decimal(1), Decimal("100.00"))


def test_of_a_very_long_way_the_two_ends_count() -> None:
    many = [a_touch(f"{n:05}", 1000 - n / 100) for n in range(3 * TOUCHES_MAX)]

    found = amounts(Model.LINEAR, *many, win=a_win("2.00"))

    assert len(found) == TOUCHES_MAX
    assert {min(found), max(found)} == {many[0].id, many[-1].id}
    assert amounts(Model.FIRST_TOUCH, *many) == {many[0].id: "100.00"}


@given(touches(), st.sampled_from(Model), AMOUNTS, CURRENCIES)
def test_every_model_gives_away_exactly_what_was_won(
    way: list[Touch], model: Model, amount: Decimal, currency: str
) -> None:
    found = credited([a_win(amount, currency)], way, model)

    assert sum(credit.share for credit in found) == 1
    assert sum(credit.amount or 0 for credit in found) == amount


@given(touches(), st.sampled_from(Model), AMOUNTS)
def test_no_credit_is_negative(way: list[Touch], model: Model, amount: Decimal) -> None:
    for credit in credited([a_win(amount)], way, model):
        assert credit.share >= 0
        assert credit.amount is not None
        assert credit.amount >= 0


@given(touches(), st.sampled_from(Model), AMOUNTS, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_of_touches_matters(
    way: list[Touch], model: Model, amount: Decimal, chance: object
) -> None:
    shuffled = [*way, *way]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' random

    found = credited([a_win(amount)], way, model)

    assert credited([a_win(amount)], shuffled, model) == found


@given(HOURS, AMOUNTS)
def test_all_models_agree_about_one_touch(hours: int, amount: Decimal) -> None:
    only = [a_touch("only", hours)]

    found = [credited([a_win(amount)], only, model) for model in Model]

    assert found == [found[0]] * len(Model)
    assert found[0][0].amount == amount


@given(touches(at_least=2), st.sampled_from(Model))
def test_two_conversions_are_credited_as_each_alone(way: list[Touch], model: Model) -> None:
    lead = Conversion("lead", Reached.LEAD, NOON - timedelta(hours=50), frozenset({way[0].id}))

    both = credited([lead, a_win()], way, model)

    assert both == credited([lead], way, model) + credited([a_win()], way, model)


@given(touches(at_least=2))
def test_a_later_touch_never_has_less_by_time_decay(way: list[Touch]) -> None:
    found = credited([a_win("1000000.00")], way, Model.TIME_DECAY)

    got = {credit.touch.id: credit.amount or Decimal(0) for credit in found if credit.touch}
    ordered = sorted(way, key=lambda touch: touch.happened_at)
    for earlier, later in pairwise(ordered):
        # A unit more may be the remainder's, which goes to the earlier of two that are equal.
        assert got.get(earlier.id, Decimal(0)) <= got.get(later.id, Decimal(0)) + Decimal("0.01")
