"""Plots as shapes: what a template draws as SVG, with axes, and with what a reader hears instead.

Pure: numbers in, places out, in units of a canvas that the browser scales.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 240
LEFT: Final = 56
RIGHT: Final = 28
TOP: Final = 14
BOTTOM: Final = 34
FLOOR: Final = HEIGHT - BOTTOM
TICKS_MAX: Final = 4
LABELS_EVERY: Final = 7
COLOURS: Final = ("one", "two", "three", "four", "five")
REST: Final = "rest"
"""The colour of everything that is too small for one of its own."""
SPARK_WIDTH: Final = 120
SPARK_HEIGHT: Final = 24


@dataclass(frozen=True, slots=True)
class Series:
    """What is plotted: one number for each day, or hour."""

    name: str
    colour: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A label on an axis. `is_main` ones stay where there is little room."""

    place: float
    text: str
    is_main: bool = True


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot with its axes, as a template draws it; `lines` are the points of polylines."""

    title: str
    summary: str
    series: tuple[Series, ...]
    rows: tuple[Mark, ...]
    columns: tuple[Mark, ...]
    boxes: tuple[Box, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = FLOOR


def stacked(title: str, days: Sequence[date], series: Sequence[Series]) -> Plot:
    """A column for each day, made of its series."""
    heights = [sum(one.values[n] for one in series) for n in range(len(days))]
    ticks, step = _scale(max(heights, default=0)), _step(days)
    top = ticks[-1]
    boxes = []
    for number in range(len(days)):
        base = 0
        for one in series:
            value = one.values[number]
            if value:
                upper, lower = _y(base + value, top), _y(base, top)
                x = LEFT + number * step + step * 0.12
                boxes.append(Box(_r(x), upper, _r(step * 0.76), _r(lower - upper), one.colour))
            base += value
    marks = (_rows(ticks), _days(days))
    return Plot(title, _summary(days, series), tuple(series), *marks, boxes=tuple(boxes))


def curves(title: str, days: Sequence[date], series: Sequence[Series]) -> Plot:
    """A line for each series."""
    ticks = _scale(max((max(one.values, default=0) for one in series), default=0))
    top, step = ticks[-1], _step(days)
    lines = tuple(
        (
            one.colour,
            " ".join(
                f"{_r(LEFT + (number + 0.5) * step)},{_y(value, top)}"
                for number, value in enumerate(one.values)
            ),
        )
        for one in series
    )
    marks = (_rows(ticks), _days(days))
    return Plot(title, _summary(days, series), tuple(series), *marks, lines=lines)


def spark(values: Sequence[int]) -> tuple[Box, ...]:
    """A small column for each value, without axes; nothing for zero."""
    top, step = max(values, default=0), SPARK_WIDTH / max(len(values), 1)
    boxes = []
    for number, value in enumerate(values):
        if value:
            height = max(1.5, SPARK_HEIGHT * value / top)
            place = (_r(number * step), _r(SPARK_HEIGHT - height))
            boxes.append(Box(*place, _r(step * 0.8), _r(height)))
    return tuple(boxes)


def coloured(totals: Sequence[tuple[str, tuple[int, ...]]], *, rest: str) -> list[Series]:
    """Series in the order of how much they hold; those without a colour are added up as the rest.

    `rest` is what they are called together.
    """
    ranked = sorted(totals, key=lambda one: -sum(one[1]))
    shown = ranked if len(ranked) <= len(COLOURS) else ranked[: len(COLOURS)]
    found = [Series(name, COLOURS[n], values) for n, (name, values) in enumerate(shown)]
    others = [values for _, values in ranked[len(shown) :]]
    if others:
        together = tuple(sum(column) for column in zip(*others, strict=True))
        found.append(Series(rest, REST, together))
    return found


def _scale(largest: int) -> tuple[int, ...]:
    """The values on an axis: few and round, the last one not below the largest."""
    if largest <= TICKS_MAX:
        return tuple(range(TICKS_MAX + 1))
    unit: int = 10 ** floor(log10(largest / TICKS_MAX))
    size = next(unit * one for one in (1, 2, 5, 10) if unit * one * TICKS_MAX >= largest)
    return tuple(range(0, size * ceil(largest / size) + 1, size))


def _rows(ticks: Sequence[int]) -> tuple[Mark, ...]:
    return tuple(Mark(_y(value, ticks[-1]), f"{value:,}".replace(",", "\u202f")) for value in ticks)


def _days(days: Sequence[date]) -> tuple[Mark, ...]:
    step = _step(days)
    # Counted from the last day, which is the one that is looked for.
    shown = range(len(days) - 1, -1, -LABELS_EVERY)
    return tuple(
        Mark(_r(LEFT + (n + 0.5) * step), f"{days[n]:%d %b}", is_main=rank % 2 == 0)
        for rank, n in enumerate(shown)
    )


def _step(days: Sequence[date]) -> float:
    return (WIDTH - LEFT - RIGHT) / max(len(days), 1)


def _y(value: float, top: int) -> float:
    return _r(FLOOR - (FLOOR - TOP) * value / top)


def _r(place: float) -> float:
    return round(place, 1)


def _summary(days: Sequence[date], series: Sequence[Series]) -> str:
    sums = ", ".join(f"{one.name} {sum(one.values)}" for one in series)
    return f"{days[0]} to {days[-1]}: {sums or 'nothing'}." if days else "Nothing."
