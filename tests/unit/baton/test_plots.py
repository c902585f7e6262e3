"""Plots: whatever the numbers are, shapes stay on the canvas and say what they stand for."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.web import plots
from baton.web.plots import FLOOR, REST, TOP, WIDTH, Series

DAYS = [date(2026, 4, 5) + timedelta(days=n) for n in range(30)]
COUNTS = st.tuples(*(st.integers(0, 10**9) for _ in DAYS))


@given(st.lists(COUNTS, max_size=8))
def test_columns_stay_on_the_canvas(counts: list[tuple[int, ...]]) -> None:
    named = [(f"source {number}", values) for number, values in enumerate(counts)]

    plot = plots.stacked("Leads", DAYS, plots.coloured(named, rest="others"))

    assert all(box.y >= TOP - 0.2 and box.y + box.height <= FLOOR + 0.2 for box in plot.boxes)
    assert all(box.x + box.width <= WIDTH for box in plot.boxes)


@given(COUNTS)
def test_a_line_has_a_point_for_each_day(values: tuple[int, ...]) -> None:
    plot = plots.curves("Won", DAYS, [Series("won", "one", values)])

    ((_, points),) = plot.lines
    places = [float(point.partition(",")[2]) for point in points.split()]
    assert len(places) == len(DAYS)
    assert all(TOP - 0.2 <= place <= FLOOR + 0.2 for place in places)


@pytest.mark.parametrize(
    ("largest", "labels"),
    [
        (0, ["0", "1", "2", "3", "4"]),
        (3, ["0", "1", "2", "3", "4"]),
        (5, ["0", "2", "4", "6"]),
        (43, ["0", "20", "40", "60"]),
        (1200, ["0", "500", "1\u202f000", "1\u202f500"]),
    ],
)
def test_an_axis_has_few_round_labels(largest: int, labels: list[str]) -> None:
    values = (largest,) + (0,) * 29

    plot = plots.stacked("Leads", DAYS, [Series("shop", "one", values)])

    assert [row.text for row in plot.rows] == labels


def test_what_is_too_small_for_a_colour_is_added_up() -> None:
    named = [(f"source {number}", (number,)) for number in range(1, 9)]

    series = plots.coloured(named, rest="all others")

    assert [one.name for one in series[:2]] == ["source 8", "source 7"]
    assert (series[-1].name, series[-1].colour, series[-1].values) == ("all others", REST, (6,))


def test_a_plot_says_in_words_what_it_shows() -> None:
    plot = plots.curves("Won", DAYS[:2], [Series("won", "one", (1, 2))])

    assert plot.summary == "2026-04-05 to 2026-04-06: won 3."


def test_a_spark_of_nothing_is_empty() -> None:
    assert plots.spark([0, 0]) == ()
    assert len(plots.spark([0, 1, 5])) == 2
