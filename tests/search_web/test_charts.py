"""A chart places columns, lines and labels so that they say what the numbers say."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search_web import charts


def percent(text: str) -> float:
    assert text.endswith("%")
    return float(text[:-1])


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=200).filter(any))
@example([5e-324])
def test_columns_stand_in_order_within_the_chart(values: list[float]) -> None:
    """Columns do not overlap or leave the chart, end at the base, and are as high as their share of the scale."""
    top = charts.scale(max(values))
    found = charts.columns(values, top)
    assert max(values) <= top * (1 + 1e-9)
    right = 0.0
    for value, column in zip(values, found, strict=True):
        assert percent(column.left) >= right - 0.01
        right = percent(column.left) + percent(column.width)
        assert column.top + column.height == pytest.approx(charts.BASE, abs=0.02)
        assert charts.TOP - 0.01 <= column.top <= charts.BASE
        assert bool(column.height) == bool(value)
        exact = (charts.BASE - charts.TOP) * value / top
        assert column.height == pytest.approx(exact, abs=1.6)
    assert right <= 100.01


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 1), (1, 1), (22, 30), (0.3, 0.3), (0.31, 0.4), (7, 8), (100, 100), (101, 200)]
)
def test_scale_is_a_round_number_above(highest: float, top: float) -> None:
    """The top line is the next round number."""
    assert charts.scale(highest) == pytest.approx(top)


def test_lines_tell_the_top_and_the_middle() -> None:
    """The middle line is told where its number is short."""
    assert [line.text for line in charts.lines(30)] == ["30", "15"]
    assert [line.text for line in charts.lines(1)] == ["1", "0.5"]
    assert [line.at for line in charts.lines(30)] == [charts.TOP, (charts.TOP + charts.BASE) / 2]


def months(first: int, count: int) -> list[str]:
    return [f"{(first + i) // 12:04}-{(first + i) % 12 + 1:02}" for i in range(count)]


@pytest.mark.parametrize("count", [1, 2, 11, 12, 13, 24, 48, 240, 1200])
def test_month_labels_are_few_and_even(count: int) -> None:
    """However many months there are, at most a dozen are labelled, of which a narrow page shows at most five."""
    labels = charts.labels(months(2019 * 12 + 4, count))
    assert 1 <= len(labels) <= charts.MOST_LABELS
    assert 1 <= sum(not label.wide for label in labels) <= charts.MOST_NARROW or count == 1
    places = [percent(label.at) for label in labels]
    gaps = {round(b - a, 1) for a, b in pairwise(places)}
    assert all(abs(a - b) <= 0.11 for a in gaps for b in gaps)


def test_labels_say_year_or_month() -> None:
    """January stands for its year; years are labelled as they are."""
    assert [label.text for label in charts.labels(["2023-12", "2024-01", "2024-02"])] == ["12月", "2024", "2月"]
    assert [label.text for label in charts.labels(["2023", "2024"])] == ["2023", "2024"]
    assert charts.labels([]) == ()


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (1234, "1,234"), (0.5, "0.5"), (2.29, "2.29"), (1.999, "2")])
def test_numbers_are_short(value: float, text: str) -> None:
    """Whole numbers have commas, others at most two decimals."""
    assert charts.number(round(value, 2)) == text
