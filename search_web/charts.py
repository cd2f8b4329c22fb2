"""Numbers over time as what a chart shows: columns, grid lines and labels, placed by attributes alone.

Places across are percentages, so that a chart fits any width without its letters being scaled; places down are
pixels of HEIGHT. Takes values, gives frozen values; knows no query and no page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from search_web.language import month_label

HEIGHT = 132
TOP, BASE = 16, 110  # the lines of the highest value and of 0
STEPS = (1, 2, 3, 4, 5, 6, 8, 10)
FILLED, WIDEST = 0.72, 6  # of the width that a period has, and per cent of the whole, so that few do not look heavy
MOST_LABELS, MOST_NARROW = 13, 5
MONTH_STEPS, YEAR_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600), (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Column:
    """One period: `left` and `width` of its column, `slot` and `room` of all that leads where it does."""

    slot: str
    room: str
    left: str
    width: str
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Label:
    """A label under the axis; `wide` where a narrow page leaves it out."""

    at: str
    text: str
    wide: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A grid line and the value it stands for."""

    at: float
    text: str


def scale(highest: float) -> float:
    """Return the value of the top line: the next of STEPS times a power of ten; 1 where there is nothing."""
    if highest <= 0:
        return 1
    unit = 10.0 ** math.floor(math.log10(highest))
    # The smallest numbers of all have no power of ten near them; they are their own scale.
    return next((step * unit for step in STEPS if step * unit >= highest * (1 - 1e-9)), highest)


def columns(values: Sequence[float], top: float) -> tuple[Column, ...]:
    """Place one column for each value, from the left edge to the right."""
    room = 100 / max(1, len(values))
    width = min(room * FILLED, WIDEST)
    found = []
    for place, value in enumerate(values):
        height = (BASE - TOP) * value / top
        left = room * place + (room - width) / 2
        if value:
            height = max(height, 1.5)  # what is there is seen
        found.append(
            Column(_percent(room * place), _percent(room), _percent(left), _percent(width),
                   round(BASE - height, 2), round(height, 2))
        )  # fmt: skip
    return tuple(found)


def lines(top: float) -> tuple[Line, ...]:
    """Return the grid lines above 0: the top one, and the middle one where its value is short to write."""
    found = [Line(TOP, number(top))]
    if len(number(top / 2)) <= len(number(top)) + 2:
        found.append(Line((TOP + BASE) / 2, number(top / 2)))
    return tuple(found)


def labels(periods: Sequence[str]) -> tuple[Label, ...]:
    """Label the periods (2024-07 or 2024) at even steps, few enough to be read."""
    places = [int(name[:4]) if len(name) == 4 else int(name[:4]) * 12 + int(name[5:]) - 1 for name in periods]
    steps = YEAR_STEPS if periods and len(periods[0]) == 4 else MONTH_STEPS
    step, narrow = (_step(places, steps, most) for most in (MOST_LABELS, MOST_NARROW))
    room = 100 / max(1, len(periods))
    return tuple(
        Label(_percent(room * (at + 0.5)), _short(name), place % narrow != 0)
        for at, (name, place) in enumerate(zip(periods, places, strict=True))
        if place % step == 0
    )


def number(value: float) -> str:
    """Write a number: whole ones with commas, others with at most two decimals."""
    return f"{value:,.0f}" if value == int(value) else f"{value:.2f}".rstrip("0")


def _step(places: Sequence[int], steps: Sequence[int], most: int) -> int:
    """Return the smallest step that leaves few enough labels, and at least one."""
    counts = {step: sum(place % step == 0 for place in places) for step in steps}
    return next((step for step in steps if counts[step] <= most), steps[-1])


def _short(name: str) -> str:
    """2024 for a year and for its January, 7月 (Jul) for another month."""
    return name[:4] if name[4:] in ("", "-01") else month_label(int(name[5:]))


def _percent(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"
